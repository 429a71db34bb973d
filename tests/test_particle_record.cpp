#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/diagnostics/particles.hpp"
#include "wpg/error.hpp"
#include "wpg/initial.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using oracle::point;

namespace {

Grid line(Index cells, double lower, double upper) { return Grid({{cells, lower, upper, Boundary::reflecting}}); }

double standard_quantile(double p) {
  double low = -10.0, high = 10.0;
  for (int k = 0; k < 80; ++k) {
    const double x = 0.5 * (low + high);
    (0.5 * std::erfc(-x / std::sqrt(2.0)) < p ? low : high) = x;
  }
  return 0.5 * (low + high);
}

double standard_density(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * M_PI); }

/// W2^2 between points of equal weight and N(0, 1) in closed form: with a, b the quantiles at the ends of a point's
/// share, the integrals of 1, x and x^2 are 1/N, phi(a) - phi(b) and 1/N + a phi(a) - b phi(b).
double exact_distance(const std::vector<double>& sorted) {
  const double n = static_cast<double>(sorted.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool first = i == 0;
    const bool last = i + 1 == sorted.size();
    const double a = first ? 0.0 : standard_quantile(static_cast<double>(i) / n);
    const double b = last ? 0.0 : standard_quantile(static_cast<double>(i + 1) / n);
    const double phi_a = first ? 0.0 : standard_density(a);
    const double phi_b = last ? 0.0 : standard_density(b);
    sum += 1.0 / n + a * phi_a - b * phi_b - 2.0 * sorted[i] * (phi_a - phi_b) + sorted[i] * sorted[i] / n;
  }
  return sum;
}

}  // namespace

TEST_CASE("particle distance: W2^2 to a Gaussian is the closed form") {
  const Field rho =
      oracle::gaussian_field(line(160, -8.0, 8.0), {Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)});
  const LineDistribution law(rho);
  for (const std::vector<double>& points : {std::vector<double>{0.7}, {-1.0, 2.5}, {-30.0, -0.5, -0.5, 0.1, 0.4}}) {
    CHECK(w2_squared(law, points) == doctest::Approx(exact_distance(points)).epsilon(1e-8));
  }
  std::vector<double> many;
  for (int i = 0; i < 1000; ++i) many.push_back(standard_quantile((i + 0.5) / 1000.0));
  // The distance itself is 8e-4, a difference of quantities of order one, so the closed form has fewer digits.
  CHECK(w2_squared(law, many) == doctest::Approx(exact_distance(many)).epsilon(1e-7));
  CHECK_THROWS_AS(w2_squared(law, {}), InvalidValue);
}

TEST_CASE("particle distance: points at the ends of empty stretches, and a box density") {
  const Grid grid = line(40, 0.0, 4.0);
  Field rho = box_density(grid, point({1.0}), point({2.0}));
  normalise(rho);
  // Two points at the quarters of a uniform density of length one: the integral of |s - 1/4|^2 over half of it, twice.
  const std::vector<double> quarters{1.25, 1.75};
  CHECK(w2_squared(LineDistribution(rho), quarters) == doctest::Approx(1.0 / 48.0).epsilon(1e-3));
  const std::vector<double> moved{3.25, 3.75};
  CHECK(w2_squared(LineDistribution(rho), moved) == doctest::Approx(4.0 + 1.0 / 48.0).epsilon(1e-3));
}

TEST_CASE("particle distance: marginals are summed over the axes") {
  const Grid grid({{48, -6.0, 6.0, Boundary::reflecting}, {40, -5.0, 7.0, Boundary::reflecting}});
  exact::Normal law{Eigen::Vector2d(0.0, 1.0), Eigen::Matrix2d::Identity()};
  law.covariance(0, 1) = law.covariance(1, 0) = 0.6;
  const Field rho = oracle::gaussian_field(grid, law);
  Particles points(3, 2);
  points << 1.0, 0.5, -0.4, 2.0, 0.2, 1.3;
  const double expected = exact_distance({-0.4, 0.2, 1.0}) + exact_distance({-0.5, 0.3, 1.0});
  // A deviation is four cells wide.
  CHECK(marginal_w2_squared(points, rho) == doctest::Approx(expected).epsilon(1e-4));
}

TEST_CASE("particle histogram: every particle in its cell, those outside left out") {
  const Grid grid({{4, 0.0, 2.0, Boundary::reflecting}, {5, -1.0, 4.0, Boundary::free}});
  Particles points(6, 2);
  points << 0.1, -0.5,  //
      0.1, -0.9,        // the same cell
      2.0, 4.0,         // the upper corner: the last cell
      0.5, 0.0,         // on two faces: the cell above
      2.1, 0.0,         // outside
      0.3, std::nan("");
  const Field density = histogram(points, grid);
  const double one = 1.0 / (6.0 * 0.5);
  CHECK(density.values[0] == doctest::Approx(2.0 * one));
  CHECK(density.values[19] == doctest::Approx(one));
  CHECK(density.values[5] == doctest::Approx(one));
  CHECK(integral(density) == doctest::Approx(4.0 / 6.0));
}

TEST_CASE("particle record: in step with a run, or an error") {
  const Grid grid = line(32, -4.0, 4.0);
  Problem problem{grid, nullptr, {}, box_density(grid, point({-1.0}), point({1.0})), {}, {}, {}};
  normalise(problem.initial);
  const auto record = std::make_shared<ParticleRecord>(langevin_companion(problem, 0.1, 50, 1));
  const StepReport report;
  const auto view = [&](Index step) {
    return StepView{step, 0.1 * static_cast<double>(step), problem.initial, report, problem};
  };
  const Particles start = record->at(view(0));
  const Particles first = record->at(view(1));
  CHECK(start != first);
  CHECK(record->at(view(1)) == first);
  CHECK_THROWS_AS(record->at(view(3)), std::logic_error);
  CHECK_THROWS_AS(record->at(view(0)), std::logic_error);
  const auto diagnostics = particle_diagnostics(record, grid);
  REQUIRE(diagnostics.size() == 4);
  std::vector<double> values(4);
  for (std::size_t k = 0; k < 4; ++k) diagnostics[k].evaluate(view(1), std::span(values).subspan(k, 1));
  CHECK(values[0] == doctest::Approx(first.mean()).epsilon(1e-13));
  CHECK(values[1] == doctest::Approx((first.array() - first.mean()).square().mean()).epsilon(1e-13));
  CHECK(values[2] == 0.0);
  CHECK(values[3] == marginal_w2_squared(first, problem.initial));
  const Grid circle({{32, -4.0, 4.0, Boundary::periodic}});
  CHECK(particle_diagnostics(record, circle).size() == 3);
}
