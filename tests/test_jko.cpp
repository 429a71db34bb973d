#include <doctest/doctest.h>

#include <cmath>

#include "exact_jko_line.hpp"
#include "jko_cases.hpp"
#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/exact.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using namespace wpg::oracle;
using namespace wpg::test;

namespace {

exact::Normal normal_1d(double mean, double variance) {
  return {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

double variance(const Field& rho) { return covariance(rho)(0, 0); }

/// Bias of the step's variance against the exact JKO step, for a Gaussian of variance 1/4.
double bias(double epsilon, bool compensate) {
  // epsilon >= 6 h^2: the sampled kernel is exact to rounding; the box ends at ten deviations of the result.
  const Grid grid = cube(1, 320, -6.0, 6.0);
  EntropicOptions options = jko_options(0.1, epsilon, 1e-11);
  options.compensate = compensate;
  const Solved solved = solve_once(gaussian_field(grid, normal_1d(0.0, 0.25)), options);
  return variance(solved.rho) - exact::jko_variance(0.25, 0.1);
}

}  // namespace

TEST_CASE("a JKO step of a Gaussian is the entropic closed form in 1D") {
  const OneThread one_thread;
  // 9 deviations from mean to wall; epsilon = 2 h^2, where the sampled kernel's error is exp(-4 pi^2) = 7e-18.
  const double mean_before = 0.3;
  for (const double a : {0.05, 0.25, 1.0}) {
    for (const double ratio : {1.0, 10.0, 200.0}) {
      const double epsilon = 2.0 * square(24.0 / 512.0);
      const double gamma = ratio * epsilon;
      const double b = exact::entropic_jko_variance(a, gamma - 0.5 * epsilon, epsilon);
      // The conditional variance of x given y is epsilon (a/b)^1/2: where that is below 0.7 h^2 the sums over cells
      // stop being a quadrature.
      if (b > square(11.7 / 9.0) || b > 8.0 * a) continue;
      const Grid grid = cube(1, 512, -12.0, 12.0);
      const Solved solved =
          solve_once(gaussian_field(grid, normal_1d(mean_before, a)), jko_options(gamma, epsilon, 1e-9));
      CAPTURE(a);
      CAPTURE(ratio);
      CHECK(solved.report.converged);
      CHECK(std::abs(variance(solved.rho) / b - 1.0) < 1e-8);
      CHECK(std::abs(mean(solved.rho)[0] - mean_before) < 1e-9);
      CHECK(l1_distance(solved.rho, gaussian_field(grid, normal_1d(mean_before, b))) < 1e-8);
    }
  }
}

TEST_CASE("a JKO step of a rotated Gaussian is the entropic closed form in 2D, on cells that are not square") {
  const OneThread one_thread;
  const Grid grid({{160, -7.0, 7.0}, {128, -6.4, 6.4}});
  const double epsilon = 2.0 * square(grid.largest_spacing());
  const exact::Normal law{Eigen::Vector2d(0.2, -0.1), (Eigen::Matrix2d() << 0.3, 0.12, 0.12, 0.2).finished()};
  for (const double gamma : {0.1, 0.04}) {
    const exact::Normal expected = exact::entropic_jko(law, gamma - 0.5 * epsilon, epsilon);
    const Solved solved = solve_once(gaussian_field(grid, law), jko_options(gamma, epsilon, 1e-9));
    CHECK((covariance(solved.rho) - expected.covariance).norm() < 1e-8);
    CHECK((mean(solved.rho) - law.mean).norm() < 1e-9);
    CHECK(l1_distance(solved.rho, gaussian_field(grid, expected)) < 1e-8);
  }
}

TEST_CASE("the bias against the exact step falls as epsilon^2 with compensation, as epsilon without") {
  const OneThread one_thread;
  const std::vector<double> epsilons = {0.036, 0.018, 0.009};
  for (const bool compensate : {true, false}) {
    std::vector<double> errors;
    for (const double epsilon : epsilons) errors.push_back(std::abs(bias(epsilon, compensate)));
    const double order = fitted_order(epsilons, errors);
    CHECK(order > (compensate ? 1.95 : 0.95));
    CHECK(order < (compensate ? 2.05 : 1.05));
  }
  CHECK(std::abs(bias(0.009, true)) < 1e-4);
}

TEST_CASE("a JKO step with a quadratic potential is the entropic backward closed form") {
  const OneThread one_thread;
  const Grid grid = cube(2, 128, -6.0, 6.0);
  const double epsilon = 2.0 * square(grid.largest_spacing());
  const double gamma = 0.3;
  const QuadraticPotential V(point({0.4, -0.2}), tensor({2.0, 0.7, 0.7, 1.2}));
  const exact::Normal law{Eigen::Vector2d(-0.3, 0.2), (Eigen::Matrix2d() << 0.3, -0.1, -0.1, 0.4).finished()};
  const exact::Normal expected = exact::entropic_backward(law, V.closed_form(), gamma, gamma - 0.5 * epsilon, epsilon);
  EntropicOptions options = jko_options(gamma, epsilon, 1e-9);
  options.potential = &V;
  const Solved solved = solve_once(gaussian_field(grid, law), options);
  CHECK(solved.report.converged);
  CHECK((mean(solved.rho) - expected.mean).norm() < 1e-8);
  CHECK((covariance(solved.rho) - expected.covariance).norm() < 1e-8);
  CHECK(l1_distance(solved.rho, gaussian_field(grid, expected)) < 1e-8);
}

TEST_CASE("the uniform density is stationary between reflecting and periodic ends") {
  const OneThread one_thread;
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    const Grid grid({{70, 0.0, 1.0, boundary}, {45, -1.0, 0.0, boundary}});
    const Field nu = unit_mass(sample(grid, [](const Point&) { return 1.0; }));
    const Solved solved = solve_once(nu, jko_options(0.05, 0.0006, 1e-10));
    CHECK((solved.rho.values / nu.values - 1.0).abs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("on a periodic axis the step commutes with shifts across the seam") {
  const OneThread one_thread;
  const Index n = 128;
  const Grid grid = cube(1, n, 0.0, 1.0, Boundary::periodic);
  const Field nu = unit_mass(sample(grid, [](const Point& x) { return std::exp(3.0 * std::cos(2.0 * M_PI * x[0])); }));
  Field shifted(grid);
  for (Index i = 0; i < n; ++i) shifted.values[(i + 37) % n] = nu.values[i];
  const EntropicOptions options = jko_options(0.006, 1.0 / square(static_cast<double>(n)), 1e-10);
  const Solved a = solve_once(nu, options);
  const Solved b = solve_once(shifted, options);
  double distance = 0.0;
  for (Index i = 0; i < n; ++i)
    distance += std::abs(a.rho.values[i] - b.rho.values[(i + 37) % n]) / static_cast<double>(n);
  CHECK(distance <= a.report.l1_bound + b.report.l1_bound + 1e-13);
}

TEST_CASE("exact zeros and any range are ordinary input") {
  const OneThread one_thread;
  const Grid line = cube(1, 400, -6.0, 6.0);
  const Grid plane = cube(2, 64, -4.0, 4.0);
  const auto check = [](const Shape& shape, const Grid& grid, double ratio) {
    const Field nu = shape.on(grid);
    const double epsilon = square(grid.largest_spacing());
    const Solved solved = solve_once(nu, jko_options(ratio * epsilon, epsilon));
    CAPTURE(shape.name);
    CAPTURE(ratio);
    CHECK(solved.report.converged);
    CHECK(solved.report.l1_bound <= 1e-8);
    CHECK(solved.rho.values.allFinite());
    CHECK(solved.rho.values.minCoeff() >= 0.0);
    CHECK(integral(solved.rho) == doctest::Approx(integral(nu)).epsilon(1e-14));
    CHECK(std::abs(solved.report.mass_defect) <= 1e-11);
    CHECK(solved.report.epsilon == epsilon);
    CHECK(solved.report.kernel == "truncated");
    // The entropy's step keeps no edge and never sharpens: H falls.
    CHECK(entropy(solved.rho) < entropy(nu));
  };
  for (const Shape& shape : line_shapes()) {
    for (const double ratio : {10.0, 100.0, 500.0}) check(shape, line, ratio);
  }
  for (const Shape& shape : plane_shapes()) check(shape, plane, 6.0);
}

TEST_CASE("a density that falls to e^-700 and below gives the closed form") {
  const OneThread one_thread;
  // Variance 0.01 on [-4, 4]: log-range 800, the last cells underflow to exact zeros.
  const Grid grid = cube(1, 640, -4.0, 4.0);
  const double epsilon = 2.0 * square(grid.largest_spacing());
  const Field nu = gaussian_field(grid, normal_1d(0.0, 0.01));
  CHECK(nu.values[0] == 0.0);
  CHECK(nu.values[40] < 1e-250);
  CHECK(nu.values[40] > 0.0);
  for (const double gamma : {0.03, 0.3 / 8.0}) {
    const double b = exact::entropic_jko_variance(0.01, gamma - 0.5 * epsilon, epsilon);
    const Solved solved = solve_once(nu, jko_options(gamma, epsilon, 1e-9));
    CHECK(l1_distance(solved.rho, gaussian_field(grid, normal_1d(0.0, b))) < 1e-8);
    CHECK(std::abs(variance(solved.rho) / b - 1.0) < 1e-8);
  }
}

TEST_CASE("a warm start does not change the answer beyond the certificate") {
  const OneThread one_thread;
  const Grid grid = cube(1, 256, -4.0, 4.0);
  const double epsilon = square(grid.largest_spacing());
  const EntropicOptions options = jko_options(80.0 * epsilon, epsilon, 1e-9);
  const std::vector<Shape> shapes = line_shapes();
  EntropicJko solver(grid, options);
  Field warm(grid);
  // Consecutive shapes have nothing in common: the worst start that a solver's memory can give.
  for (const Shape& shape : shapes) {
    const Field nu = shape.on(grid);
    const JkoReport report = solver.solve(nu, warm);
    const Solved cold = solve_once(nu, options);
    CAPTURE(shape.name);
    CHECK(report.converged);
    CHECK(l1_distance(warm, cold.rho) <= report.l1_bound + cold.report.l1_bound + 1e-12);
  }
  // And a useful one saves work.
  const Field nu = shapes[1].on(grid);
  solver.solve(nu, warm);
  CHECK(solver.solve(nu, warm).kernel_applications < solve_once(nu, options).report.kernel_applications);
}

TEST_CASE("a solve that stops short says so, with the bound it has reached") {
  const OneThread one_thread;
  const Grid grid = cube(1, 256, -4.0, 4.0);
  const double epsilon = square(grid.largest_spacing());
  EntropicOptions options = jko_options(100.0 * epsilon, epsilon, 1e-10);
  const Field nu = line_shapes()[3].on(grid);
  const Solved full = solve_once(nu, options);
  options.max_iterations = 3;
  const Solved solved = solve_once(nu, options);
  CHECK(full.report.converged);
  CHECK_FALSE(solved.report.converged);
  CHECK(solved.report.l1_bound > 1e-10);
  CHECK(solved.report.residual > 1e-10);
  CHECK(solved.rho.values.allFinite());
  CHECK(integral(solved.rho) == doctest::Approx(1.0).epsilon(1e-14));
  CHECK(l1_distance(solved.rho, full.rho) <= solved.report.l1_bound + 1e-9);
}

TEST_CASE("a JKO step has the same bits for any number of threads") {
  const int before = threads();
  const Grid plane = cube(2, 80, -4.0, 4.0);
  const Grid line = cube(1, 5000, -4.0, 4.0);
  // Twice halved this has an odd number of cells round each period.
  const Grid torus = cube(2, 108, -4.0, 4.0, Boundary::periodic);
  for (const auto& [grid, shape] : {std::pair{plane, plane_shapes()[1]}, std::pair{line, line_shapes()[2]},
                                    std::pair{torus, plane_shapes()[4]}, std::pair{torus, plane_shapes()[5]}}) {
    const double epsilon = square(grid.largest_spacing());
    const Field nu = shape.on(grid);
    set_threads(1);
    const Solved one = solve_once(nu, jko_options(20.0 * epsilon, epsilon));
    set_threads(3);
    const Solved three = solve_once(nu, jko_options(20.0 * epsilon, epsilon));
    CHECK((one.rho.values == three.rho.values).all());
    CHECK(one.report.gap == three.report.gap);
    CHECK(one.report.iterations == three.report.iterations);
  }
  set_threads(before);
}

TEST_CASE("the kernel's back-end does not change the answer, and a plain FFT refuses what it cannot do") {
  const OneThread one_thread;
  const Grid grid = cube(1, 256, -4.0, 4.0);
  const double h = grid.largest_spacing();
  const Field nu = line_shapes()[1].on(grid);
  EntropicOptions options = jko_options(0.1, 40.0 * h * h, 1e-9);
  const Solved truncated = solve_once(nu, options);
  options.kernel = [](const Grid& on, double epsilon) { return std::make_unique<AutoKernel>(on, epsilon); };
  const Solved automatic = solve_once(nu, options);
  CHECK(l1_distance(truncated.rho, automatic.rho) < 1e-8);
  options.epsilon = h * h;
  options.kernel = [](const Grid& on, double epsilon) { return std::make_unique<FftKernel>(on, epsilon); };
  CHECK_THROWS_AS(solve_once(line_shapes()[4].on(grid), options), KernelRangeError);
}

TEST_CASE("options out of range are refused by name") {
  const Grid grid = cube(1, 64, -4.0, 4.0);
  const auto refused = [&](const EntropicOptions& options) -> std::string {
    try {
      EntropicJko solver(grid, options);
    } catch (const InvalidValue& error) {
      return error.parameter;
    }
    return "nothing";
  };
  const double nan = std::nan("");
  for (const double bad : {0.0, -1.0, nan}) CHECK(refused(jko_options(bad, 0.02)) == "gamma");
  for (const double bad : {0.0, -1.0, 0.3, 0.001, nan}) CHECK(refused(jko_options(0.1, bad)) == "epsilon");
  for (const double bad : {0.0, 1e-13, nan}) CHECK(refused(jko_options(0.1, 0.02, bad)) == "tolerance");
  EntropicOptions none = jko_options(0.1, 0.02);
  none.max_iterations = 0;
  CHECK(refused(none) == "max-iterations");
}

TEST_CASE("the step approaches the exact step of a box that cuts its Gaussian, to order four in h with epsilon = h^2") {
  const OneThread one_thread;
  const ExactJkoLine step(1.0, 0.25, 0.1);
  const ExactJkoLine centred(0.2, 0.25, 0.1);
  // On a box that cuts nothing the oracle is the closed form.
  const Grid wide = cube(1, 192, -6.0, 6.0);
  CHECK(l1_distance({wide, centred.density(wide.axis(0))},
                    gaussian_field(wide, normal_1d(0.2, exact::jko_variance(0.25, 0.1)))) < 1e-8);
  std::vector<double> h, errors;
  for (const Index cells : {128, 256, 512}) {
    const Grid grid = cube(1, cells, -4.0, 4.0);
    const Field nu = unit_mass(gaussian_field(grid, normal_1d(1.0, 0.25)));
    h.push_back(grid.largest_spacing());
    const Solved solved = solve_once(nu, jko_options(0.1, square(h.back()), 1e-9));
    errors.push_back(l1_distance(solved.rho, {grid, step.density(grid.axis(0))}));
  }
  CAPTURE(errors.back());
  CHECK(fitted_order(h, errors) > 3.7);
  CHECK(fitted_order(h, errors) < 4.3);
  CHECK(errors[1] < 1.5e-6);
  CHECK(errors[2] < 1e-7);
}
