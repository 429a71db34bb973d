#include "wpg/wasserstein.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/initial.hpp"

using namespace wpg;
using oracle::point;

namespace {

exact::Normal line_law(double mean, double variance) {
  return {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

double line_distance(const Field& a, const Field& b) { return w2_squared(LineDistribution(a), LineDistribution(b)); }

/// Two bumps, pushed forward from N(0, 1) by the increasing map T(x) = x + 0.4 sin x, and its distance to N(0, 1).
Field bent_density(const Grid& grid) {
  return sample(grid, [](const Point& y) {
    double x = y[0];
    for (int k = 0; k < 60; ++k) x -= (x + 0.4 * std::sin(x) - y[0]) / (1.0 + 0.4 * std::cos(x));
    return std::exp(-0.5 * x * x) / std::sqrt(2.0 * M_PI) / (1.0 + 0.4 * std::cos(x));
  });
}
/// E |T(x) - x|^2 = 0.16 E sin^2 x = 0.08 (1 - e^-2).
const double bent_distance = 0.08 * (1.0 - std::exp(-2.0));

}  // namespace

TEST_CASE("W2 on a line: Gaussians, a map that is not linear, at high order") {
  std::vector<double> h, gaussian, bent;
  for (const Index cells : {48, 96, 192}) {
    const Grid grid = oracle::cube(1, cells, -12.0, 12.0);
    const Field a = oracle::gaussian_field(grid, line_law(1.0, 1.0));
    const Field b = oracle::gaussian_field(grid, line_law(-0.5, 2.25));
    h.push_back(grid.largest_spacing());
    gaussian.push_back(std::abs(line_distance(a, b) - 2.5));
    const Field standard = oracle::gaussian_field(grid, line_law(0.0, 1.0));
    bent.push_back(std::abs(line_distance(standard, bent_density(grid)) - bent_distance));
  }
  // Sixth order at least. No upper bound: what the reconstruction errs by cancels between cells, so that for analytic
  // densities the distance converges faster than its parts, down to the limiters in the tails.
  CHECK(oracle::fitted_order(h, gaussian) > 6.0);
  CHECK(oracle::fitted_order(h, bent) > 6.0);
  CHECK(gaussian.back() < 1e-11);
  CHECK(bent.back() < 1e-9);
}

TEST_CASE("W2 on a line: symmetric, zero for equal densities, between different grids, blind to the mass") {
  const Field a = oracle::gaussian_field(oracle::cube(1, 160, -10.0, 10.0), line_law(0.3, 0.8));
  Field b = oracle::gaussian_field(oracle::cube(1, 250, -9.0, 11.0), line_law(0.0, 1.7));
  CHECK(line_distance(a, a) < 1e-28);
  const double there = line_distance(a, b);
  CHECK(there == doctest::Approx(line_distance(b, a)).epsilon(1e-7));
  CHECK(there == doctest::Approx(exact::w2_squared(line_law(0.3, 0.8), line_law(0.0, 1.7))).epsilon(1e-6));
  b.values *= 7.0;
  // The same masses up to the rounding of a division.
  CHECK(line_distance(a, b) == doctest::Approx(there).epsilon(1e-13));
}

TEST_CASE("W2 on a line: zeros, gaps and jumps") {
  const Grid grid = oracle::cube(1, 400, -2.0, 8.0);
  const Field unit = box_density(grid, point({0.0}), point({1.0}));
  const Field moved = box_density(grid, point({3.0}), point({4.0}));
  const Field wide = box_density(grid, point({0.0}), point({3.0}));
  // A translation by whole cells is exact; a stretch has Q(s) = 3 s against s.
  CHECK(line_distance(unit, moved) == doctest::Approx(9.0).epsilon(1e-12));
  CHECK(line_distance(unit, wide) == doctest::Approx(4.0 / 3.0).epsilon(1e-3));
  Field split(grid);
  split.values = 0.5 * (unit.values + moved.values);
  // Half of the unit box stretches to [0, 1], the other half to [3, 4]: integral of s^2 and of (s + 2)^2.
  const double low = 1.0 / 24.0;                                    // int_0^.5 (2s - s)^2
  const double high = (std::pow(3.0, 3) - std::pow(2.5, 3)) / 3.0;  // int_.5^1 (2s + 2 - s)^2
  CHECK(line_distance(unit, split) == doctest::Approx(low + high).epsilon(1e-3));
}

TEST_CASE("W2 on a line keeps the tails: a speck of mass far away counts in full") {
  const Grid grid = oracle::cube(1, 800, -20.0, 20.0);
  const Field center = oracle::gaussian_field(grid, line_law(0.0, 1.0));
  Field a = center;
  a.values += 1e-18 * oracle::gaussian_field(grid, line_law(15.0, 0.25)).values;
  Field b = center;
  b.values += 1e-18 * oracle::gaussian_field(grid, line_law(-15.0, 0.25)).values;
  // The speck moves a distance between that to the 1e-18 quantile (8.76) and that to the next; all the mass between
  // makes room for it: the monotone map costs about 1e-18 times a few hundred, and far more than rounding of sums.
  const double distance = line_distance(a, center);
  CHECK(distance > 1e-18 * std::pow(15.0 - 10.0, 2));
  CHECK(distance < 1e-18 * std::pow(15.0, 2));
  CHECK(distance == doctest::Approx(line_distance(b, center)).epsilon(1e-6));
}

TEST_CASE("W2 on a line refuses what it cannot do") {
  CHECK_THROWS_AS(LineDistribution(Field(oracle::cube(1, 8, 0.0, 1.0))), InvalidValue);
  CHECK_THROWS_AS(LineDistribution(Field(oracle::cube(2, 8, 0.0, 1.0))), InvalidValue);
  Field periodic(oracle::cube(1, 8, 0.0, 1.0, Boundary::periodic));
  periodic.values.setOnes();
  CHECK_THROWS_AS(LineDistribution{periodic}, InvalidValue);
  Field negative(oracle::cube(1, 8, 0.0, 1.0));
  negative.values.setOnes();
  negative.values[3] = -1.0;
  CHECK_THROWS_AS(LineDistribution{negative}, InvalidValue);
}

TEST_CASE("the Sinkhorn divergence agrees with dense iterations") {
  const Grid grid = oracle::cube(1, 60, -5.0, 5.0, Boundary::free);
  const double epsilon = 0.1;
  const Field a = oracle::gaussian_field(grid, line_law(0.7, 0.5));
  const Field b = bent_density(grid);
  const Eigen::MatrixXd g = oracle::dense_gibbs(grid.axis(0), epsilon);
  const auto cost = [&](const Field& p, const Field& q) {
    const Eigen::ArrayXd m = p.values / p.values.sum(), n = q.values / q.values.sum();
    Eigen::ArrayXd u = Eigen::ArrayXd::Ones(60), v = u;
    for (int k = 0; k < 3000; ++k) {
      u = 1.0 / (g * (v * n).matrix()).array();
      v = 1.0 / (g * (u * m).matrix()).array();
    }
    return epsilon * ((m * u.log()).sum() + (n * v.log()).sum());
  };
  const double expected = 2.0 * cost(a, b) - cost(a, a) - cost(b, b);
  SinkhornDivergence divergence(b, {epsilon, 1e-10, 2000});
  const SinkhornReport report = divergence(a);
  CHECK(report.converged);
  CHECK(report.w2_squared == doctest::Approx(expected).epsilon(1e-9));
  CHECK(divergence(b).w2_squared < 1e-10);
}

TEST_CASE("the Sinkhorn divergence approaches W2^2 as epsilon^2, in two dimensions") {
  const Grid grid({{44, -4.6, 4.6}, {40, -4.4, 4.4}});
  const exact::Normal one{Eigen::Vector2d(0.4, 0.0), (Eigen::Matrix2d() << 0.9, 0.3, 0.3, 0.6).finished()};
  const exact::Normal two{Eigen::Vector2d(-0.2, 0.3), (Eigen::Matrix2d() << 0.5, -0.1, -0.1, 0.8).finished()};
  const Field a = oracle::gaussian_field(grid, one);
  const Field b = oracle::gaussian_field(grid, two);
  std::vector<double> epsilon, error;
  for (const double e : {0.2, 0.1, 0.05}) {
    SinkhornDivergence divergence(b, {e, 1e-8, 2000});
    const SinkhornReport report = divergence(a);
    CAPTURE(report.iterations);
    CHECK(report.converged);
    CHECK(report.iterations < 100);
    epsilon.push_back(e);
    error.push_back(std::abs(report.w2_squared - exact::w2_squared(one, two)));
  }
  CAPTURE(error);
  CHECK(oracle::fitted_order(epsilon, error) > 1.7);
  CHECK(oracle::fitted_order(epsilon, error) < 2.3);
}

TEST_CASE("the Sinkhorn divergence takes exact zeros, and a warm start costs less") {
  const Grid grid = oracle::cube(2, 32, -2.0, 2.0);
  const Field disc = disc_density(grid, point({-0.5, 0.0}), 0.8);
  const Field moved = disc_density(grid, point({0.5, 0.0}), 0.8);
  SinkhornDivergence divergence(disc, {0.03125, 1e-6, 2000});
  const SinkhornReport first = divergence(moved);
  CHECK(first.converged);
  // A translation costs its square whatever the regularization.
  CHECK(first.w2_squared == doctest::Approx(1.0).epsilon(1e-4));
  CHECK(divergence(moved).iterations < first.iterations);
  CHECK_THROWS_AS(SinkhornDivergence(disc, {1e-4, 1e-6, 10}), InvalidValue);
}
