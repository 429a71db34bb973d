#include <doctest/doctest.h>

#include <cmath>

#include "dense_kernel.hpp"
#include "jko/level.hpp"
#include "jko_cases.hpp"
#include "oracles.hpp"
#include "wpg/reduce.hpp"

// The duality gap, and the bound on the distance to the minimiser that follows from it.

using namespace wpg;
using namespace wpg::oracle;
using namespace wpg::test;

namespace {

constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};

/// The dense oracle's matrices, axis by axis, applied in double precision: hundreds of applications in little time.
class DenseLogKernel {
 public:
  DenseLogKernel(const Grid& grid, double epsilon) : grid_(grid) {
    for (const Axis& axis : grid.axes()) {
      const DenseKernel kernel(Grid({axis}), epsilon);
      Eigen::ArrayXXd columns(axis.cells, axis.cells);
      for (Index j = 0; j < axis.cells; ++j) {
        Values unit = Values::Constant(axis.cells, -std::numeric_limits<double>::infinity());
        unit[j] = 0.0;
        Values column(axis.cells);
        kernel.apply_log(unit, column);
        columns.col(j) = column;
      }
      log_weights_.push_back(std::move(columns));
    }
  }

  void apply_log(const Values& in, Values& out) const {
    out = in;
    for (int axis = 0; axis < grid_.dimension(); ++axis) {
      const Lines all = lines(grid_, axis);
      for (Index k = 0; k < all.count; ++k) {
        Eigen::Map<Values, 0, Eigen::InnerStride<>> line(out.data() + all.first(k), all.length,
                                                         Eigen::InnerStride<>(all.stride));
        const Values cells = line;
        for (Index i = 0; i < all.length; ++i) {
          // Symmetric: a column is a row.
          const Values terms = log_weights_[static_cast<std::size_t>(axis)].col(i) + cells;
          const double top = terms.maxCoeff();
          line[i] = std::isinf(top) ? top : top + std::log((terms - top).exp().sum());
        }
      }
    }
  }

 private:
  Grid grid_;
  std::vector<Eigen::ArrayXXd> log_weights_;
};

/// The minimiser by the plain contraction log v <- -kappa log q with the dense kernel, from errors of e^8 at most in
/// log v to 1e-13 (e^-30).
Field plain_contraction(const Field& nu, const EntropicOptions& options) {
  const DenseLogKernel kernel(nu.grid, options.epsilon);
  const double gamma_prime = options.compensate ? options.gamma - 0.5 * options.epsilon : options.gamma;
  const double kappa = gamma_prime / (gamma_prime + options.epsilon);
  const double log_volume = std::log(nu.grid.cell_volume());
  const Values log_mass = nu.values.log() + log_volume;
  Values log_v = Values::Zero(nu.grid.size());
  Values log_q(nu.grid.size());
  const int iterations = static_cast<int>(38.0 / -std::log(kappa));
  for (int k = 0; k < iterations; ++k) {
    Values work(nu.grid.size());
    kernel.apply_log(log_v, work);
    work = log_mass - work;
    kernel.apply_log(work, log_q);
    log_v = -kappa * (log_q - log_volume);
  }
  // log rho = -(epsilon/gamma') log v, whose error is that of log v times epsilon/gamma'.
  return {nu.grid, (-options.epsilon / gamma_prime * log_v).exp()};
}

}  // namespace

TEST_CASE("the certificate bounds the distance to the plain contraction's limit, on every boundary and shape") {
  const OneThread one_thread;
  for (const Boundary boundary : boundaries) {
    const Grid grid = cube(1, 60, -4.0, 4.0, boundary);
    const double epsilon = square(grid.largest_spacing());
    for (const Shape& shape : line_shapes()) {
      const Field nu = shape.on(grid);
      const EntropicOptions options = jko_options(10.0 * epsilon, epsilon);
      const Field expected = plain_contraction(nu, options);
      for (const double tolerance : {1e-2, 1e-4, 1e-7}) {
        EntropicOptions loose = options;
        loose.tolerance = tolerance;
        const Solved solved = solve_once(nu, loose);
        const double distance = l1_distance(solved.rho, expected);
        CAPTURE(shape.name);
        CAPTURE(static_cast<int>(boundary));
        CAPTURE(tolerance);
        CHECK(solved.report.converged);
        CHECK(solved.report.l1_bound <= tolerance);
        // Both are known to 1e-12; rho is scaled to nu's mass, which moves it by no more than the mass was off.
        CHECK(distance <= solved.report.l1_bound + std::abs(solved.report.mass_defect) + 1e-12);
        // From one cell a half step is exact whatever the potential, and only the potential's error is left to bound.
        if (shape.name != "atom") CHECK(distance >= solved.report.l1_bound / 1000.0 - 1e-12);
        CHECK(solved.report.l1_bound == doctest::Approx(std::sqrt(2.0 * solved.report.gap / (9.5 * epsilon))));
      }
    }
  }
}

TEST_CASE("the certificate holds in two dimensions, on shapes with exact zeros") {
  const OneThread one_thread;
  const Grid grid({{24, -4.0, 4.0}, {20, -4.0, 4.0, Boundary::free}});
  const double epsilon = square(grid.largest_spacing());
  for (const Shape& shape : plane_shapes()) {
    const Field nu = shape.on(grid);
    const EntropicOptions options = jko_options(6.0 * epsilon, epsilon, 1e-6);
    const Solved solved = solve_once(nu, options);
    const double distance = l1_distance(solved.rho, plain_contraction(nu, options));
    CAPTURE(shape.name);
    CHECK(distance <= solved.report.l1_bound + std::abs(solved.report.mass_defect) + 1e-12);
    CHECK(distance >= solved.report.l1_bound / 1000.0);
  }
}

TEST_CASE("the certificate holds where the source's potential is solved for") {
  const OneThread one_thread;
  for (const Boundary boundary : boundaries) {
    const Grid grid({{36, -4.0, 4.0, boundary}, {32, -4.0, 4.0}});
    const double epsilon = square(grid.largest_spacing());
    for (const Shape& shape : plane_shapes()) {
      if (shape.name != "disc" && shape.name != "random" && shape.name != "image") continue;
      const Field nu = shape.on(grid);
      const EntropicOptions options = jko_options(15.0 * epsilon, epsilon, 1e-7);
      const Solved solved = solve_once(nu, options);
      const double distance = l1_distance(solved.rho, plain_contraction(nu, options));
      CAPTURE(shape.name);
      CAPTURE(static_cast<int>(boundary));
      CHECK(solved.report.converged);
      CHECK(distance <= solved.report.l1_bound + std::abs(solved.report.mass_defect) + 1e-12);
      CHECK(distance >= solved.report.l1_bound / 1000.0);
    }
  }
}

TEST_CASE("the gap is primal minus dual, computed from the full coupling") {
  const OneThread one_thread;
  const Axis axis{50, -4.0, 4.0, Boundary::free};
  const Grid grid({axis});
  const double h = axis.spacing();
  const double epsilon = 1.5 * h * h;
  const double gamma = 8.0 * epsilon;
  const double gamma_prime = gamma - 0.5 * epsilon;
  Level level(grid, epsilon, jko_options(gamma, epsilon));
  for (const Shape& shape : line_shapes()) {
    const Field nu = shape.on(grid);
    level.set_source(nu.values);
    Iterate it(grid.size());
    it.lambda = sample(grid, [](const Point& x) { return -1.0 - 0.3 * x[0] * x[0] + 0.5 * std::sin(x[0]); }).values;
    level.evaluate(it);

    // phi from psi, the coupling from both, its cost and its second marginal: nothing from the solver but lambda.
    const Values psi = -gamma_prime * it.lambda;
    Values rho = Values::Zero(grid.size());
    double primal = 0.0;
    double dual = -gamma_prime * h * it.lambda.exp().sum();
    for (Index i = 0; i < axis.cells; ++i) {
      const double p = h * nu.values[i];
      if (p == 0.0) continue;
      Values cost(axis.cells);
      for (Index j = 0; j < axis.cells; ++j) cost[j] = 0.5 * square(axis.center(i) - axis.center(j));
      const Values exponent = (psi - cost) / epsilon;
      const double top = exponent.maxCoeff();
      const double phi = -epsilon * (top + std::log(h * (exponent - top).exp().sum()));
      const Values row = p * h * (exponent + phi / epsilon).exp();
      rho += row / h;
      dual += p * phi;
      // log(s / (p h)) is the exponent itself.
      primal += (row * cost).sum() + epsilon * (row * (exponent + phi / epsilon)).sum();
    }
    primal += gamma_prime * h * (rho * (rho.log() - 1.0)).sum();
    CAPTURE(shape.name);
    CHECK((it.log_rho.exp() - rho).abs().maxCoeff() < 1e-12 * rho.maxCoeff());
    CHECK(primal - dual > 1e-3);
    // Rounding of sums of size one.
    CHECK(std::abs(gamma_prime * it.divergence - (primal - dual)) < 1e-13);
  }
}
