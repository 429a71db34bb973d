#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/initial.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/explicit_stage.hpp"
#include "wpg/schemes/stein_velocity.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;

namespace {

/// The velocity by its definition, as a sum over all pairs of cells.
Point dense_velocity(const Field& rho, const Potential& V, const RadialKernel& k, const Point& x) {
  Point v = Point::Zero(x.size());
  for (Index cell = 0; cell < rho.grid.size(); ++cell) {
    const Point y = rho.grid.center(cell);
    const double s = (x - y).squaredNorm();
    // grad_y k(x - y) = 2 (y - x) k'.
    v += rho.grid.cell_volume() * rho.values[cell] * (2.0 * k.slope(s) * (y - x) - k.value(s) * V.gradient(y));
  }
  return v;
}

struct Moments {
  double mean, variance;
};

// The start: a raised cosine about 0.9 of half width 0.8.
double start_density(double x) {
  const double t = (x - 0.9) / 0.8;
  return std::abs(t) < 1.0 ? 0.5 * (1.0 + std::cos(std::numbers::pi * t)) / 0.8 : 0.0;
}

double start_quantile(double mass) {
  double low = -1.0;
  double high = 1.0;
  while (high - low > 1e-14) {
    const double t = 0.5 * (low + high);
    (0.5 * (t + 1.0 + std::sin(std::numbers::pi * t) / std::numbers::pi) < mass ? low : high) = t;
  }
  return 0.9 + 0.8 * low;
}

/// Particle Stein descent in one dimension (Liu, Wang 2016), in continuous time by the classical Runge-Kutta method,
/// from quantiles of the start.
Moments particles(const Potential& V, const RadialKernel& k, double time, int steps) {
  constexpr Index n = 250;
  Eigen::ArrayXd x(n);
  for (Index i = 0; i < n; ++i) x[i] = start_quantile((static_cast<double>(i) + 0.5) / n);
  const auto velocity = [&](const Eigen::ArrayXd& at) {
    Eigen::ArrayXd v = Eigen::ArrayXd::Zero(n);
    for (Index j = 0; j < n; ++j) {
      const double drift = V.gradient(point({at[j]}))[0];
      for (Index i = 0; i < n; ++i) {
        const double s = std::pow(at[i] - at[j], 2);
        v[i] += (2.0 * k.slope(s) * (at[j] - at[i]) - k.value(s) * drift) / n;
      }
    }
    return v;
  };
  const double dt = time / steps;
  for (int step = 0; step < steps; ++step) {
    const Eigen::ArrayXd a = velocity(x);
    const Eigen::ArrayXd b = velocity(x + 0.5 * dt * a);
    const Eigen::ArrayXd c = velocity(x + 0.5 * dt * b);
    const Eigen::ArrayXd d = velocity(x + dt * c);
    x += dt / 6.0 * (a + 2.0 * b + 2.0 * c + d);
  }
  return {x.mean(), (x - x.mean()).square().mean()};
}

Field on_grid(const Potential& V, const RadialKernel& k, double time, int steps) {
  const Grid grid = oracle::cube(1, 160, -4.0, 4.0);
  Field rho = sample(grid, [](const Point& x) { return start_density(x[0]); });
  normalise(rho);
  ExplicitStage stage(grid, time / steps, std::make_unique<SteinVelocity>(grid, V, k));
  StepReport report;
  for (int n = 0; n < steps; ++n) stage.apply(rho, report);
  CHECK(report.transport.substeps == steps);
  CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
  CHECK(rho.values.minCoeff() >= 0.0);
  return rho;
}

}  // namespace

TEST_CASE("svgd: the velocity agrees with dense quadrature for both kernels") {
  const Grid grid({{24, -3.0, 3.0, Boundary::reflecting}, {20, -2.0, 4.0, Boundary::free}});
  const oracle::QuadraticPotential V(point({0.3, 0.5}), tensor({2.0, 0.6, 0.6, 0.9}));
  std::mt19937 random(4);
  std::uniform_real_distribution<double> uniform(-0.5, 1.0);
  Field rho(grid);
  for (double& value : rho.values) value = std::max(0.0, uniform(random));  // zeros are ordinary
  for (const RadialKernel& kernel : {gaussian_kernel(0.8), inverse_multiquadric_kernel(0.6)}) {
    SteinVelocity velocity(grid, V, kernel);
    std::vector<Values> v(2, Values(grid.size()));
    velocity.evaluate(rho, v);
    double worst = 0.0;
    double size = 0.0;
    for (Index cell = 0; cell < grid.size(); cell += 7) {
      const Point exact = dense_velocity(rho, V, kernel, grid.center(cell));
      worst = std::max(worst, std::abs(v[0][cell] - exact[0]) + std::abs(v[1][cell] - exact[1]));
      size = std::max(size, exact.norm());
    }
    CHECK(worst < 1e-13 * size);
  }
}

TEST_CASE("svgd: the target does not move") {
  const Grid grid = oracle::cube(2, 64, -6.0, 6.0);
  const oracle::QuadraticPotential V(point({0.3, -0.2}), tensor({1.5, 0.6, 0.6, 0.9}));
  SteinVelocity velocity(grid, V, gaussian_kernel(0.9));
  std::vector<Values> v(2, Values(grid.size()));
  velocity.evaluate(gibbs_density(V, grid), v);
  // The midpoint rule is spectral; what is left is the density's value at the ends of the box, e^-14 and less.
  CHECK(v[0].abs().maxCoeff() < 1e-5);
  CHECK(v[1].abs().maxCoeff() < 1e-5);
}

TEST_CASE("svgd: first order in gamma, to the law of many particles") {
  const DoubleWell V(1.2, 0.8, 1.0);
  const RadialKernel kernel = gaussian_kernel(0.7);
  std::vector<Field> laws;
  for (const int steps : {8, 16, 32, 64}) laws.push_back(on_grid(V, kernel, 1.0, steps));
  const double first = l1_distance(laws[0], laws[1]);
  const double second = l1_distance(laws[1], laws[2]);
  const double third = l1_distance(laws[2], laws[3]);
  CHECK(first / second == doctest::Approx(2.0).epsilon(0.15));
  CHECK(second / third == doctest::Approx(2.0).epsilon(0.15));
  const Moments limit = particles(V, kernel, 1.0, 25);
  // Extrapolated to gamma = 0; what is left is the grid's and the 250 particles' own error.
  CHECK(2.0 * mean(laws[3])[0] - mean(laws[2])[0] == doctest::Approx(limit.mean).epsilon(1e-4));
  CHECK(2.0 * covariance(laws[3])(0, 0) - covariance(laws[2])(0, 0) == doctest::Approx(limit.variance).epsilon(1e-3));
}

TEST_CASE("svgd: the median rule") {
  // For N(0, a I) in two dimensions |X - Y|^2 is 2 a times chi-squared of two degrees: median 4 a log 2.
  const Grid grid = oracle::cube(2, 128, -5.0, 5.0);
  const Field rho = gaussian_density(grid, {point({0.0, 0.0}), tensor({0.8, 0.0, 0.0, 0.8})});
  CHECK(median_distance(rho) == doctest::Approx(std::sqrt(3.2 * std::log(2.0))).epsilon(0.02));
}

TEST_CASE("svgd: a case chooses kernel and bandwidth") {
  const std::string text =
      "[grid]\ncells = 64\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\nmean = 1\n"
      "[scheme]\nname = svgd\nsteps = 1\ngamma = 0.1\n";
  const Problem problem = make_problem(Config::parse(text, "."));
  const auto make = [&](const std::string& more) { return make_scheme(Config::parse(text + more, "."), problem); };
  Field rho = problem.initial;
  make("kernel = inverse-multiquadric\nbandwidth = 0.5\n").step(rho);
  CHECK(mean(rho)[0] < 1.0);
  CHECK_THROWS_AS(make("kernel = cubic\n"), UsageError);
  CHECK_THROWS_AS(make("bandwidth = -1\n"), UsageError);
  CHECK_THROWS_AS(make("bandwidth = wide\n"), UsageError);
}
