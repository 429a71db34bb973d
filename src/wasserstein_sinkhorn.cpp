#include <algorithm>
#include <cmath>

#include "admissible.hpp"
#include "jko/anderson.hpp"
#include "wpg/error.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/reduce.hpp"
#include "wpg/wasserstein.hpp"

namespace wpg {
namespace {

/// Coarse levels of the epsilon-scaling are solved this far; they only start the next.
constexpr double coarse_tolerance = 1e-2;
/// The residual may rise by this factor before an accelerated step is taken back for a plain one.
constexpr double bounded_rise = 2.0;
/// Weights below are as good as zero to the least squares of the acceleration.
constexpr double smallest_log = -700.0;

/// The same box without mirror images, whose cost would not be |x - y|^2.
Grid open_box(const Grid& grid) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) {
    if (axis.boundary == Boundary::reflecting) axis.boundary = Boundary::free;
  }
  return Grid(axes);
}

/// A density as masses of sum one, with their logarithms.
struct Masses {
  explicit Masses(const Values& rho) : mass(rho / rho.sum()), log(mass.size()) {
    const double sum = rho.sum();
    if (!(rho >= 0.0).all() || !(sum > 0.0) || !std::isfinite(sum)) {
      throw InvalidValue("rho", "a density with the sum " + written(sum), "nonnegative, with a positive finite mass");
    }
    for (Index i = 0; i < mass.size(); ++i) log[i] = std::log(mass[i]);
  }
  Values mass, log;
};

double expectation(const Values& mass, const Values& f) {
  return blockwise_sum(mass.size(), [&](Index begin, Index end) {
    double sum = 0.0;
    for (Index i = begin; i < end; ++i) sum += mass[i] > 0.0 ? mass[i] * f[i] : 0.0;
    return sum;
  });
}

/// L1 error of the marginal whose potential would change by d.
double marginal_error(const Values& mass, const Values& d) {
  return blockwise_sum(mass.size(), [&](Index begin, Index end) {
    double sum = 0.0;
    for (Index i = begin; i < end; ++i) sum += mass[i] > 0.0 ? mass[i] * std::abs(std::expm1(-d[i])) : 0.0;
    return sum;
  });
}

struct Solution {
  double cost = 0.0;  ///< without the kernel's normalisation, which cancels in the divergence
  double error = 0.0;
  int iterations = 0;
};

/// One epsilon: potentials are in units of it.
class Level {
 public:
  Level(const Grid& grid, double epsilon)
      : kernel_(grid, epsilon), epsilon_(epsilon), work_(grid.size()), plain_(grid.size()) {}

  /// potential = -log G exp(other + log masses).
  void respond(const Masses& masses, const Values& other, Values& potential) {
    work_ = other + masses.log;
    kernel_.apply_log(work_, potential);
    potential = -potential;
  }

  /// OT(a, a): the average of the map and the identity contracts by one half.
  Solution diagonal(const Masses& a, Values& f, double tolerance, int limit) {
    Values next(f.size());
    Solution s;
    for (;;) {
      respond(a, f, next);
      next -= f;
      s.error = marginal_error(a.mass, next);
      ++s.iterations;
      if (s.error <= tolerance || s.iterations >= limit) break;
      f += 0.5 * next;
    }
    s.cost = epsilon_ * (2.0 * expectation(a.mass, f) + expectation(a.mass, next));
    return s;
  }

  /// OT(a, b), from the potential g of b. The acceleration sees potentials by the mass they act on; where it throws
  /// those of thin tails so far off that they come back as a rise of the error, the plain step of before is taken
  /// instead.
  Solution pair(const Masses& a, const Masses& b, Values& g, Anderson& anderson, double tolerance, int limit) {
    Values f(g.size()), change(g.size());
    const Values weight = b.log.max(smallest_log);
    plain_ = g;
    Solution s;
    double best = HUGE_VAL;
    anderson.clear();
    for (;;) {
      respond(b, g, f);
      respond(a, f, change);
      change -= g;
      s.error = marginal_error(b.mass, change);
      ++s.iterations;
      if (s.error <= tolerance || s.iterations >= limit) break;
      if (!(s.error <= bounded_rise * best)) {
        anderson.clear();
        g = plain_;
        best = HUGE_VAL;
        continue;
      }
      best = std::min(best, s.error);
      plain_ = g + change;
      anderson.propose(g, change, weight, work_);
      g.swap(work_);
    }
    s.cost = epsilon_ * (expectation(a.mass, f) + expectation(b.mass, g));
    return s;
  }

 private:
  TruncatedKernel kernel_;
  double epsilon_;
  Values work_, plain_;
};

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
    double epsilon = options.epsilon;
    while (epsilon < 0.02 * largest_squared_distance(grid)) epsilon *= 2.0;
    for (; epsilon > options.epsilon; epsilon *= 0.5) {
      Level(grid, epsilon).pair(rho, pi, g, anderson, coarse_tolerance, options.max_iterations);
      g *= 2.0;
    }
  }

  SinkhornReport solve(const Field& density) {
    const Masses rho(density.values);
    if (!warm) scale_down(rho);
    warm = true;
    const Solution cross = finest.pair(rho, pi, g, anderson, options.tolerance, options.max_iterations);
    const Solution self = finest.diagonal(rho, f, options.tolerance, options.max_iterations);
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
  Level finest;
  Masses pi;
  Values g, f;
  Anderson anderson;
  Solution constant;
  bool warm = false;
};

SinkhornDivergence::SinkhornDivergence(const Field& target, const SinkhornOptions& options)
    : impl_(std::make_unique<Impl>(target, options)) {}
SinkhornDivergence::~SinkhornDivergence() = default;
SinkhornDivergence::SinkhornDivergence(SinkhornDivergence&&) noexcept = default;

SinkhornReport SinkhornDivergence::operator()(const Field& rho) { return impl_->solve(rho); }

}  // namespace wpg
