#include <algorithm>
#include <cmath>

#include "wasserstein_level.hpp"
#include "wpg/wasserstein.hpp"

namespace wpg {
namespace {

/// Coarse levels of the epsilon-scaling are solved this far; they only start the next.
constexpr double coarse_tolerance = 1e-2;
/// Potentials whose marginals err by more start anew from wide kernels.
constexpr double far_away = 0.5;

/// The same box without mirror images, whose cost would not be |x - y|^2.
Grid open_box(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) {
    if (axis.boundary == Boundary::reflecting) axis.boundary = Boundary::free;
  }
  return Grid(axes);
}

double largest_squared_distance(const Grid& grid) {
  double sum = 0.0;
  for (const Axis& axis : grid.axes()) {
    const double width = axis.upper - axis.lower;
    sum += std::pow(axis.boundary == Boundary::periodic ? 0.5 * width : width, 2);
  }
  return sum;
}

}  // namespace

struct SinkhornDivergence::Impl {
  Impl(const Field& target, const SinkhornOptions& asked)
      : options(asked),
        grid(open_box(target.grid)),
        finest(grid, asked.epsilon),
        pi(target.values),
        g(Values::Zero(grid.size())),
        f(Values::Zero(grid.size())),
        anderson(grid.size()) {
    Values potential = Values::Zero(grid.size());
    constant = finest.diagonal(pi, potential, options.tolerance, options.max_iterations);
  }

  /// Potentials of wide kernels start those of narrower ones.
  void scale_down(const Masses& rho) {
    g.setZero();
    double epsilon = options.epsilon;
    while (epsilon < 0.02 * largest_squared_distance(grid)) epsilon *= 2.0;
    for (; epsilon > options.epsilon; epsilon *= 0.5) {
      SinkhornLevel(grid, epsilon).pair(rho, pi, g, anderson, coarse_tolerance, options.max_iterations);
      g *= 2.0;
    }
  }

  SinkhornReport solve(const Field& density) {
    const Masses rho(density.values);
    if (!warm || finest.error(rho, pi, g) > far_away) scale_down(rho);
    warm = true;
    const SinkhornSolution cross = finest.pair(rho, pi, g, anderson, options.tolerance, options.max_iterations);
    const SinkhornSolution self = finest.diagonal(rho, f, options.tolerance, options.max_iterations);
    SinkhornReport report;
    report.w2_squared = 2.0 * cross.cost - self.cost - constant.cost;
    report.marginal_error = std::max({cross.error, self.error, constant.error});
    report.error_bound = 0.5 * largest_squared_distance(grid) * (cross.error + 0.5 * self.error + 0.5 * constant.error);
    report.iterations = cross.iterations + self.iterations;
    report.converged = report.marginal_error <= options.tolerance;
    return report;
  }

  SinkhornOptions options;
  Grid grid;
  SinkhornLevel finest;
  Masses pi;
  Values g, f;
  Anderson anderson;
  SinkhornSolution constant;
  bool warm = false;
};

SinkhornDivergence::SinkhornDivergence(const Field& target, const SinkhornOptions& options)
    : impl_(std::make_unique<Impl>(target, options)) {}
SinkhornDivergence::~SinkhornDivergence() = default;
SinkhornDivergence::SinkhornDivergence(SinkhornDivergence&&) noexcept = default;

SinkhornReport SinkhornDivergence::operator()(const Field& rho) { return impl_->solve(rho); }

}  // namespace wpg
