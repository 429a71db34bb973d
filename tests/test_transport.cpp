#include <doctest/doctest.h>

#include "transport_cases.hpp"

using namespace wpg;
using namespace wpg::oracle;

namespace {

struct Errors {
  std::vector<double> h, l1, covariance;
};

/// Errors of one pushforward of a Gaussian by a quadratic potential on boxes of more and more cells.
Errors gaussian_errors(const exact::Normal& law, const QuadraticPotential& V, double gamma, double half_width,
                       const std::vector<Index>& cells) {
  const exact::Normal expected = exact::pushforward(law, V.closed_form(), gamma);
  Errors e;
  for (const Index n : cells) {
    const Grid grid = cube(static_cast<int>(law.mean.size()), n, -half_width, half_width);
    Field nu(grid);
    Pushforward(grid, V, gamma).apply(gaussian_field(grid, law), nu);
    e.h.push_back(grid.largest_spacing());
    e.l1.push_back(l1_distance(nu, gaussian_field(grid, expected)));
    e.covariance.push_back((covariance(nu) - expected.covariance).norm() / expected.covariance.norm());
  }
  return e;
}

}  // namespace

TEST_CASE("pushforward of a Gaussian in one dimension converges with order six") {
  const exact::Normal law{Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.36)};
  const QuadraticPotential V(point({0.0}), tensor({1.0}));
  const Errors e = gaussian_errors(law, V, 0.3, 6.0, {80, 160, 320});
  MESSAGE(e.l1[0] << " " << e.l1[1] << " " << e.l1[2] << " covariance " << e.covariance[0] << " " << e.covariance[1]);
  CHECK(fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.07));
  CHECK(e.l1.back() < 1e-7);
}

TEST_CASE("pushforward of a rotated Gaussian in two dimensions converges with order six") {
  const Errors e = gaussian_errors(rotated, tilted, 0.3, 6.0, {96, 144, 216});
  MESSAGE(e.l1[0] << " " << e.l1[1] << " " << e.l1[2] << " covariance " << e.covariance[0] << " " << e.covariance[1]);
  CHECK(fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.1));
  CHECK(e.covariance.back() < 1e-11);
}

TEST_CASE("covariance is far within 5e-5 at sixteen cells a deviation") {
  // Smallest deviation, along an eigenvector, of start and result: 0.39 and 0.31; h = 0.025 is a sixteenth of the
  // start's.
  const Errors e = gaussian_errors(rotated, tilted, 0.3, 6.4, {512});
  CHECK(e.covariance[0] < 1e-12);
  CHECK(e.l1[0] < 1e-7);
}

TEST_CASE("pushforward in three dimensions") {
  Eigen::Matrix3d a;
  a << 0.5, 0.1, -0.1, 0.1, 0.4, 0.15, -0.1, 0.15, 0.6;
  const QuadraticPotential V(point({0.0, 0.1, 0.0}), tensor({1.0, 0.3, 0.1, 0.3, 0.8, -0.2, 0.1, -0.2, 0.9}));
  const Errors e = gaussian_errors({Eigen::Vector3d(0.2, 0.0, -0.2), a}, V, 0.3, 5.0, {36, 52});
  MESSAGE(e.l1[0] << " " << e.l1[1]);
  CHECK(fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.15));
  CHECK(e.covariance.back() < 1e-6);
}

TEST_CASE("a potential that is neither separable nor quadratic agrees with the change of variables") {
  const Ridges V;
  const double gamma = 0.12;
  const ForwardMap map(V, gamma);
  const exact::Normal law{Eigen::Vector2d(0.5, 0.2), 0.4 * Eigen::Matrix2d::Identity()};
  const auto density = [&](const Point& x) { return gaussian_density(law, x); };
  Errors e;
  for (const Index n : {96, 160}) {
    const Grid grid({{n, -5.0, 5.0}, {n + 10, -5.0, 5.0}});
    Field nu(grid);
    const TransportReport report = Pushforward(grid, V, gamma).apply(sample(grid, density), nu);
    const Field expected = sample(grid, [&](const Point& y) { return pushed_density(map, density, y); });
    e.h.push_back(grid.largest_spacing());
    e.l1.push_back(l1_distance(nu, expected));
    CHECK(report.clamped_mass < 1e-15);
    // Mean of T by the midpoint rule, spectrally accurate here.
    const Field first = sample(grid, [&](const Point& x) { return density(x) * map.value(x)[0]; });
    if (n == 160) CHECK(mean(nu)[0] == doctest::Approx(integral(first)).epsilon(1e-8));
  }
  MESSAGE(e.l1[0] << " " << e.l1[1]);
  CHECK(fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.15));
}

TEST_CASE("tails keep their relative accuracy down to e^-300") {
  const Axis axis{784, -24.5, 24.5};
  const Grid grid({axis});
  const double gamma = 0.2;
  const QuadraticPotential V(point({0.0}), tensor({1.0}));
  const exact::Normal law{Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)};
  Field nu(grid);
  Pushforward(grid, V, gamma).apply(gaussian_field(grid, law), nu);
  const Field expected = gaussian_field(grid, exact::pushforward(law, V.closed_form(), gamma));
  double moderate = 0.0;
  double extreme = 0.0;
  for (Index i = 0; i < axis.cells; ++i) {
    const double error = std::abs(nu.values[i] / expected.values[i] - 1.0);
    const double log_ratio = std::log(expected.values[i] / expected.values[axis.cells / 2]);
    if (log_ratio > -30.0) moderate = std::max(moderate, error);
    if (log_ratio > -299.0) extreme = std::max(extreme, error);
  }
  MESSAGE(moderate << " " << extreme);
  // Polynomials on a density that changes by a factor of 4 a cell are off by some per cent, never by orders.
  CHECK(moderate < 1e-3);
  CHECK(extreme < 0.1);
}

TEST_CASE("smooth densities are not limited") {
  const Grid grid = cube(2, 128, -6.0, 6.0);
  Field nu(grid);
  const TransportReport report = Pushforward(grid, tilted, 0.3).apply(gaussian_field(grid, rotated), nu);
  CHECK(report.limited_mass < 1e-12);
}
TEST_CASE("periodic axes wrap") {
  const double width = 4.0;
  const Waves V(width);
  const double gamma = 0.15;
  const ForwardMap map(V, gamma);
  const auto density = [&](const Point& x) {
    return std::exp(std::cos(V.k * (x[0] - 1.9)) + 0.5 * std::sin(V.k * (x[1] + 0.2)));
  };
  Errors e;
  for (const Index n : {32, 64}) {
    const Grid grid({{n, -2.0, 2.0, Boundary::periodic}, {n + 8, -2.0, 2.0, Boundary::periodic}});
    Field nu(grid);
    const TransportReport report = Pushforward(grid, V, gamma).apply(sample(grid, density), nu);
    const Field expected = sample(grid, [&](const Point& y) { return pushed_density(map, density, y); });
    CHECK(report.clamped_mass == 0.0);
    CHECK(integral(nu) == doctest::Approx(integral(sample(grid, density))).epsilon(1e-14));
    e.h.push_back(grid.largest_spacing());
    e.l1.push_back(l1_distance(nu, expected) / integral(nu));
  }
  MESSAGE(e.l1[0] << " " << e.l1[1]);
  CHECK(fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.15));
}
