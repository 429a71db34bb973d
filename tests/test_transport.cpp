#include "wpg/transport.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/pushforward_stage.hpp"

using namespace wpg;
using oracle::QuadraticPotential;

namespace {

/// Convex and not separable: a quadratic plus ridges that run across the axes.
struct Ridges final : Potential {
  double value(const Point& x) const override {
    return 0.5 * x.squaredNorm() + 0.2 * x[0] * x[1] + 0.4 * std::cos(along(x)) + std::log(std::cosh(x[0] - x[1]));
  }
  Point gradient(const Point& x) const override {
    const double bend = -0.4 * std::sin(along(x));
    const double ridge = std::tanh(x[0] - x[1]);
    return oracle::point({x[0] + 0.2 * x[1] + 1.3 * bend + ridge, x[1] + 0.2 * x[0] + 0.7 * bend - ridge});
  }
  Tensor hessian(const Point& x) const override {
    const double bend = -0.4 * std::cos(along(x));
    const double ridge = 1.0 / std::pow(std::cosh(x[0] - x[1]), 2);
    const double mixed = 0.2 + 0.91 * bend - ridge;
    return oracle::tensor({1.0 + 1.69 * bend + ridge, mixed, mixed, 1.0 + 0.49 * bend + ridge});
  }
  static double along(const Point& x) { return 1.3 * x[0] + 0.7 * x[1]; }
};

/// V(x) = sum of amplitude cos(2 pi x_k / width), shifted so that nothing is symmetric, plus a mixed wave.
struct Waves final : Potential {
  explicit Waves(double width) : k(2.0 * std::numbers::pi / width) {}
  double value(const Point& x) const override { return std::cos(k * x[0] + 0.3) + 0.5 * std::sin(k * (x[0] - x[1])); }
  Point gradient(const Point& x) const override {
    const double mixed = 0.5 * k * std::cos(k * (x[0] - x[1]));
    return oracle::point({-k * std::sin(k * x[0] + 0.3) + mixed, -mixed});
  }
  Tensor hessian(const Point& x) const override {
    const double mixed = -0.5 * k * k * std::sin(k * (x[0] - x[1]));
    return oracle::tensor({-k * k * std::cos(k * x[0] + 0.3) + mixed, -mixed, -mixed, mixed});
  }
  double k;
};

struct Translation final : GradientMap {
  explicit Translation(const Point& by) : shift(by) {}
  Point value(const Point& x) const override { return x + shift; }
  Tensor jacobian(const Point& x) const override { return Tensor::Identity(x.size(), x.size()); }
  Point shift;
};

/// rho(x)/det DT(x) at x = T^-1(y), by Newton's method on all of T.
template <class Density>
double pushed_density(const GradientMap& map, const Density& rho, const Point& y) {
  Point x = y;
  for (int k = 0; k < 25; ++k) x -= 0.8 * Point(map.jacobian(x).inverse() * (map.value(x) - y));
  for (int k = 0; k < 4; ++k) x -= Point(map.jacobian(x).inverse() * (map.value(x) - y));
  return rho(x) / map.jacobian(x).determinant();
}

struct Errors {
  std::vector<double> h, l1, covariance;
};

/// Errors of one pushforward of a Gaussian by a quadratic potential on boxes of more and more cells.
Errors gaussian_errors(const exact::Normal& law, const QuadraticPotential& V, double gamma, double half_width,
                       const std::vector<Index>& cells) {
  const exact::Normal expected = exact::pushforward(law, V.closed_form(), gamma);
  Errors e;
  for (const Index n : cells) {
    const Grid grid = oracle::cube(static_cast<int>(law.mean.size()), n, -half_width, half_width);
    Field nu(grid);
    Pushforward(grid, V, gamma).apply(oracle::gaussian_field(grid, law), nu);
    e.h.push_back(grid.largest_spacing());
    e.l1.push_back(l1_distance(nu, oracle::gaussian_field(grid, expected)));
    e.covariance.push_back((covariance(nu) - expected.covariance).norm() / expected.covariance.norm());
  }
  return e;
}

Field random_field(const Grid& grid, double empty_fraction) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  Field f(grid);
  for (double& value : f.values) value = uniform(random) < empty_fraction ? 0.0 : uniform(random);
  return f;
}

const QuadraticPotential tilted(oracle::point({0.2, -0.1}), oracle::tensor({1.5, 0.6, 0.6, 0.8}));
const exact::Normal rotated{Eigen::Vector2d(0.4, -0.3), (Eigen::Matrix2d() << 0.5, 0.3, 0.3, 0.4).finished()};

}  // namespace

TEST_CASE("pushforward of a Gaussian in one dimension converges with order six") {
  const exact::Normal law{Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 0.36)};
  const QuadraticPotential V(oracle::point({0.0}), oracle::tensor({1.0}));
  const Errors e = gaussian_errors(law, V, 0.3, 6.0, {80, 160, 320});
  MESSAGE(e.l1[0] << " " << e.l1[1] << " " << e.l1[2] << " covariance " << e.covariance[0] << " " << e.covariance[1]);
  CHECK(oracle::fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.07));
  CHECK(e.l1.back() < 1e-7);
}

TEST_CASE("pushforward of a rotated Gaussian in two dimensions converges with order six") {
  const Errors e = gaussian_errors(rotated, tilted, 0.3, 6.0, {96, 144, 216});
  MESSAGE(e.l1[0] << " " << e.l1[1] << " " << e.l1[2] << " covariance " << e.covariance[0] << " " << e.covariance[1]);
  CHECK(oracle::fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.1));
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
  const QuadraticPotential V(oracle::point({0.0, 0.1, 0.0}),
                             oracle::tensor({1.0, 0.3, 0.1, 0.3, 0.8, -0.2, 0.1, -0.2, 0.9}));
  const Errors e = gaussian_errors({Eigen::Vector3d(0.2, 0.0, -0.2), a}, V, 0.3, 5.0, {40, 60});
  MESSAGE(e.l1[0] << " " << e.l1[1]);
  CHECK(oracle::fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.15));
  CHECK(e.covariance.back() < 1e-6);
}

TEST_CASE("a potential that is neither separable nor quadratic agrees with the change of variables") {
  const Ridges V;
  const double gamma = 0.12;
  const ForwardMap map(V, gamma);
  const exact::Normal law{Eigen::Vector2d(0.5, 0.2), 0.4 * Eigen::Matrix2d::Identity()};
  const auto density = [&](const Point& x) { return oracle::gaussian_density(law, x); };
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
  CHECK(oracle::fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.15));
}

TEST_CASE("mass and sign are kept for discontinuous and random data") {
  const Grid grid({{150, -3.0, 3.0}, {131, -3.5, 3.0}});
  const Pushforward push(grid, Ridges(), 0.25);
  const Field box = sample(grid, [](const Point& x) { return std::abs(x[0]) < 1.0 && std::abs(x[1] - 0.3) < 0.7; });
  for (const Field& mu : {box, random_field(grid, 0.3), random_field(grid, 0.999)}) {
    Field nu = mu;
    for (int k = 0; k < 3; ++k) {
      push.apply(nu, nu);
      CHECK(integral(nu) == doctest::Approx(integral(mu)).epsilon(1e-14));
      CHECK(nu.values.minCoeff() >= 0.0);
    }
  }
}

TEST_CASE("empty cells stay exactly empty, and a box stays a box") {
  const Axis axis{128, -4.0, 4.0};
  const Grid grid({axis});
  const QuadraticPotential V(oracle::point({0.0}), oracle::tensor({1.0}));
  const Field mu = sample(grid, [](const Point& x) { return std::abs(x[0]) < 2.0 ? 0.25 : 0.0; });
  Field nu(grid);
  Pushforward(grid, V, 0.4).apply(mu, nu);
  // The image of [-2, 2] is [-1.2, 1.2]; only the cells that hold its ends are neither full nor empty.
  for (Index i = 0; i < axis.cells; ++i) {
    if (std::abs(axis.center(i)) > 1.2 + axis.spacing()) CHECK(nu.values[i] == 0.0);
    if (std::abs(axis.center(i)) < 1.2 - axis.spacing()) {
      CHECK(nu.values[i] == doctest::Approx(0.25 / 0.6).epsilon(0.03));  // the edge cells' correction, 1/24 and less
    }
  }
}

TEST_CASE("tails keep their relative accuracy down to e^-300") {
  const Axis axis{784, -24.5, 24.5};
  const Grid grid({axis});
  const double gamma = 0.2;
  const QuadraticPotential V(oracle::point({0.0}), oracle::tensor({1.0}));
  const exact::Normal law{Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)};
  Field nu(grid);
  Pushforward(grid, V, gamma).apply(oracle::gaussian_field(grid, law), nu);
  const Field expected = oracle::gaussian_field(grid, exact::pushforward(law, V.closed_form(), gamma));
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

TEST_CASE("mass that the map would carry out of the box is kept in the outermost cells and reported") {
  const Grid grid({{256, -3.0, 3.0}});
  const QuadraticPotential repulsive(oracle::point({0.0}), oracle::tensor({-1.0}));
  const exact::Normal law{Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)};
  const Field mu = oracle::gaussian_field(grid, law);
  Field nu(grid);
  const TransportReport report = Pushforward(grid, repulsive, 0.5).apply(mu, nu);
  // T = 1.5 x leaves the box from |x| > 2.
  const double inside = std::erf(3.0 / std::sqrt(2.0));
  const double outside = inside - std::erf(2.0 / std::sqrt(2.0));
  // The box cuts the density, where cell averages and midpoints differ: second order, h^2/24 = 2e-5.
  CHECK(report.clamped_mass == doctest::Approx(outside / inside).epsilon(1e-4));
  CHECK(integral(nu) == doctest::Approx(integral(mu)).epsilon(1e-14));
  CHECK(nu.values[0] * grid.cell_volume() > 0.49 * outside);
  CHECK(Pushforward(grid, QuadraticPotential(oracle::point({0.0}), oracle::tensor({1.0})), 0.5)
            .apply(mu, nu)
            .clamped_mass == 0.0);
}

TEST_CASE("a map that leaves the box in two dimensions keeps mass and sign") {
  const Grid grid = oracle::cube(2, 96, -2.0, 2.0);
  const QuadraticPotential V(oracle::point({1.5, 0.0}), oracle::tensor({-0.5, 1.1, 1.1, 0.2}));
  const Field mu = random_field(grid, 0.0);
  Field nu(grid);
  const Pushforward push(grid, V, 0.6);
  const TransportReport report = push.apply(mu, nu);
  // Cell by cell: X, then Y from the point on the line that X came from; each axis that keeps mass inside counts. The
  // cells on the rim are cut, so the sum holds to a cell's width.
  const Axis& axis = grid.axis(0);
  const Tensor jacobian = ForwardMap(V, 0.6).jacobian(V.center);
  const Field kept = sample(grid, [&](const Point& cell) {
    Point x = cell;
    const double first = V.center[0] + jacobian.row(0).dot(x - V.center);
    const double held = std::clamp(first, axis.center(0), axis.center(axis.cells - 1));
    x[0] += (held - first) / jacobian(0, 0);
    const double second = V.center[1] + jacobian.row(1).dot(x - V.center);
    return (std::abs(first) > 2.0 ? 1.0 : 0.0) + (std::abs(second) > 2.0 ? 1.0 : 0.0);
  });
  CHECK(report.clamped_mass == doctest::Approx(integral(mu, kept) / integral(mu)).epsilon(0.01));
  CHECK(integral(nu) == doctest::Approx(integral(mu)).epsilon(1e-14));
  CHECK(nu.values.minCoeff() >= 0.0);
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
  CHECK(oracle::fitted_order(e.h, e.l1) == doctest::Approx(6.0).epsilon(0.15));
}

TEST_CASE("translations by whole cells round a periodic box are exact rotations") {
  const Grid grid({{16, 0.0, 2.0, Boundary::periodic}, {20, 0.0, 5.0, Boundary::periodic}});
  const Field mu = sample(grid, [](const Point& x) {
    return 2.0 + std::cos(std::numbers::pi * x[0]) + 0.5 * std::sin(0.4 * std::numbers::pi * x[1]);
  });
  Field nu(grid);
  // 37 cells of 1/8 and -3 cells of 1/4: more than twice round, and backwards.
  Pushforward(grid, Translation(oracle::point({37.0 / 8.0, -0.75}))).apply(mu, nu);
  for (Index cell = 0; cell < grid.size(); ++cell) {
    const Index i = cell % 16;
    const Index j = cell / 16;
    // To the sixth-order error of converting averages to and fro, (2 pi / 16)^6 / 1000.
    CHECK(nu.values[(i + 37) % 16 + 16 * ((j + 17) % 20)] == doctest::Approx(mu.values[cell]).epsilon(1e-5));
  }
}

TEST_CASE("step sizes and maps that are not monotone are refused") {
  const Grid grid = oracle::cube(2, 16, -2.0, 2.0);
  const double L = 1.15 + std::hypot(0.35, 0.6);  // largest eigenvalue of the precision
  CHECK_NOTHROW(Pushforward(grid, tilted, 0.999 / L));
  try {
    Pushforward(grid, tilted, 1.001 / L);
    FAIL("not refused");
  } catch (const InvalidValue& error) {
    CHECK(error.parameter == "gamma");
    CHECK(error.admissible.substr(0, 12) == "below 1/L = ");
    CHECK(std::stod(error.admissible.substr(12)) == doctest::Approx(1.0 / L).epsilon(1e-8));
  }
  CHECK_THROWS_AS(Pushforward(grid, tilted, 0.0), InvalidValue);
  CHECK_THROWS_AS(Pushforward(grid, tilted, std::nan("")), InvalidValue);
  CHECK_THROWS_AS(Pushforward(grid, ForwardMap(tilted, 2.0)), InvalidValue);
  const Grid periodic = oracle::cube(2, 16, -2.0, 2.0, Boundary::periodic);
  CHECK_THROWS_AS(Pushforward(periodic, tilted, 0.1), InvalidValue);
  Field empty(grid);
  CHECK_THROWS_AS(Pushforward(grid, tilted, 0.1).apply(empty, empty), InvalidValue);
}

TEST_CASE("pushforward is the same to the last bit for any number of threads, in place or not") {
  const int before = threads();
  const Grid grid({{83, -3.0, 3.0}, {61, -3.0, 3.0}});
  const Field mu = random_field(grid, 0.2);
  Field one(grid);
  set_threads(1);
  const TransportReport first = Pushforward(grid, Ridges(), 0.25).apply(mu, one);
  set_threads(3);
  StepReport report;
  Field three = mu;
  PushforwardStage stage(grid, Ridges(), 0.25);
  stage.apply(three, report);
  set_threads(before);
  CHECK((one.values == three.values).all());
  CHECK(first.clamped_mass == report.transport.clamped_mass);
  CHECK(first.limited_mass == report.transport.limited_mass);
  CHECK(stage.name() == "pushforward");
  // Along x 61 lines of 84 faces; along y 88 lines (whole tiles of 8) of 62 faces.
  CHECK(stage.memory() == 8 * (61 * 84 + 88 * 62));
}

TEST_CASE("smooth densities are not limited") {
  const Grid grid = oracle::cube(2, 128, -6.0, 6.0);
  Field nu(grid);
  const TransportReport report = Pushforward(grid, tilted, 0.3).apply(oracle::gaussian_field(grid, rotated), nu);
  CHECK(report.limited_mass < 1e-12);
}
