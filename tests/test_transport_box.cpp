#include <doctest/doctest.h>

#include <algorithm>

#include "transport_cases.hpp"
#include "wpg/error.hpp"
#include "wpg/schemes/pushforward_stage.hpp"
#include "wpg/transport/preimage.hpp"

using namespace wpg;
using namespace wpg::oracle;

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
  const QuadraticPotential V(point({0.0}), tensor({1.0}));
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

TEST_CASE("mass that the map would carry out of the box is kept in the outermost cells and reported") {
  const Grid grid({{256, -3.0, 3.0}});
  const QuadraticPotential repulsive(point({0.0}), tensor({-1.0}));
  const exact::Normal law{Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)};
  const Field mu = gaussian_field(grid, law);
  Field nu(grid);
  const TransportReport report = Pushforward(grid, repulsive, 0.5).apply(mu, nu);
  // T = 1.5 x leaves the box from |x| > 2.
  const double inside = std::erf(3.0 / std::sqrt(2.0));
  const double outside = inside - std::erf(2.0 / std::sqrt(2.0));
  // The box cuts the density, where cell averages and midpoints differ: second order, h^2/24 = 2e-5.
  CHECK(report.clamped_mass == doctest::Approx(outside / inside).epsilon(1e-4));
  CHECK(integral(nu) == doctest::Approx(integral(mu)).epsilon(1e-14));
  CHECK(nu.values[0] * grid.cell_volume() > 0.49 * outside);
  CHECK(Pushforward(grid, QuadraticPotential(point({0.0}), tensor({1.0})), 0.5).apply(mu, nu).clamped_mass == 0.0);
}

TEST_CASE("a map that leaves the box in two dimensions keeps mass and sign") {
  const Grid grid = cube(2, 96, -2.0, 2.0);
  const QuadraticPotential V(point({1.5, 0.0}), tensor({-0.5, 1.1, 1.1, 0.2}));
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

TEST_CASE("step sizes and maps that are not monotone are refused") {
  const Grid grid = cube(2, 16, -2.0, 2.0);
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
  const Grid periodic = cube(2, 16, -2.0, 2.0, Boundary::periodic);
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

TEST_CASE("translations by whole cells round a periodic box are exact rotations") {
  const Grid grid({{16, 0.0, 2.0, Boundary::periodic}, {20, 0.0, 5.0, Boundary::periodic}});
  const Field mu = sample(grid, [](const Point& x) {
    return 2.0 + std::cos(std::numbers::pi * x[0]) + 0.5 * std::sin(0.4 * std::numbers::pi * x[1]);
  });
  Field nu(grid);
  // 37 cells of 1/8 and -3 cells of 1/4: more than twice round, and backwards.
  Pushforward(grid, Translation(point({37.0 / 8.0, -0.75}))).apply(mu, nu);
  for (Index cell = 0; cell < grid.size(); ++cell) {
    const Index i = cell % 16;
    const Index j = cell / 16;
    // To the sixth-order error of converting averages to and fro, (2 pi / 16)^6 / 1000.
    CHECK(nu.values[(i + 37) % 16 + 16 * ((j + 17) % 20)] == doctest::Approx(mu.values[cell]).epsilon(1e-5));
  }
}

TEST_CASE("repeated steps neither pile up mass at a jump nor amplify noise") {
  const Grid grid({{64, 0.0, 64.0, Boundary::periodic}});
  const Field box = sample(grid, [](const Point& x) { return x[0] > 20.0 && x[0] < 40.0 ? 1.0 : 0.0; });
  for (const double shift : {0.01, 0.37, 0.5}) {
    const Pushforward push(grid, Translation(point({shift})));
    for (const Field& start : {box, random_field(grid, 0.0)}) {
      Field rho = start;
      for (int k = 0; k < 500; ++k) push.apply(rho, rho);
      CHECK(integral(rho) == doctest::Approx(integral(start)).epsilon(1e-13));
      CHECK(rho.values.maxCoeff() < 1.1);  // no limiter of extrema: an overshoot of a few per cent stays
      CHECK((rho.values - rho.values.mean()).square().sum() <= (start.values - start.values.mean()).square().sum());
    }
  }
}

TEST_CASE("preimages are exact where Newton's method needs help") {
  // Nearly flat within 0.02 of the origin, steep outside: extrapolation and Newton's method overshoot.
  struct Plateau final : GradientMap {
    Point value(const Point& x) const override { return x - 0.0199 * (x / 0.02).array().tanh().matrix(); }
    Tensor jacobian(const Point& x) const override {
      Tensor j = Tensor::Identity(x.size(), x.size());
      for (Index k = 0; k < x.size(); ++k) j(k, k) -= 0.995 / std::pow(std::cosh(x[k] / 0.02), 2);
      return j;
    }
  };
  const Plateau map;
  const Grid grid = cube(2, 40, -1.0, 1.1);
  const transport::PreimageSolver solver(grid, map);
  const Axis& axis = grid.axis(1);
  std::vector<double> faces(static_cast<std::size_t>(axis.cells + 1));
  for (Index line = 0; line < 40; line += 3) {
    solver.fill(1, line, faces);
    for (Index f = 1; f < axis.cells; ++f) {
      const double y = axis.lower + faces[static_cast<std::size_t>(f)] * axis.spacing();
      CHECK(map.value(point({0.0, y}))[1] == doctest::Approx(axis.face(f)).scale(1.0).epsilon(1e-13));
    }
  }
}

TEST_CASE("a map that is not finite on the box is refused") {
  struct Broken final : GradientMap {
    Point value(const Point& x) const override { return x[0] > 0.9 && x[0] < 0.95 ? Point(x / 0.0) : x; }
    Tensor jacobian(const Point& x) const override { return Tensor::Identity(x.size(), x.size()); }
  };
  CHECK_THROWS_AS(Pushforward(Grid({{64, 0.0, 1.0}}), Broken()), InvalidValue);
}
