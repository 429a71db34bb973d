#include <doctest/doctest.h>

#include <cmath>

#include "factory_tables.hpp"
#include "oracles.hpp"
#include "transport_cases.hpp"
#include "wpg/error.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/reduce.hpp"
#include "wpg/reference/fokker_planck.hpp"
#include "wpg/schemes/drift_flow.hpp"
#include "wpg/schemes/heat_stage.hpp"
#include "wpg/schemes/pushforward_stage.hpp"

using namespace wpg;
using namespace wpg::oracle;

namespace {

/// The scheme that a case names, for the potential in its own words.
struct Case {
  explicit Case(const std::string& text) : config(Config::parse(text, ".")), problem(make_problem(config)) {}
  Field run(int steps) {
    Scheme scheme = make_scheme(config, problem);
    Field rho = problem.initial;
    for (int k = 0; k < steps; ++k) scheme.step(rho);
    return rho;
  }
  Config config;
  Problem problem;
};

std::string line_case(const std::string& scheme, double gamma, Index cells) {
  return "[grid]\ncells = " + std::to_string(cells) +
         "\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\nmean = 0.5\nprecision = 1.5\n[initial]\ntype = "
         "gaussian\nmean = -1\ncovariance = 0.4\n[scheme]\nname = " +
         scheme + "\nsteps = 1\ngamma = " + std::to_string(gamma) + "\n";
}

const exact::Normal line_start{Eigen::VectorXd::Constant(1, -1.0), Eigen::MatrixXd::Constant(1, 1, 0.4)};
const exact::Quadratic line_well{Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Constant(1, 1, 1.5)};

std::string plane_case(const std::string& scheme, double gamma, Index cells) {
  return "[grid]\ncells = " + std::to_string(cells) + " " + std::to_string(cells) +
         "\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\nmean = 0.2 -0.1\nprecision = 1.5 0.6 0.6 0.8\n"
         "[initial]\ntype = gaussian\nmean = 0.4 -0.3\ncovariance = 0.5 0.3 0.3 0.4\n[scheme]\nname = " +
         scheme + "\nsteps = 1\ngamma = " + std::to_string(gamma) + "\n";
}

std::string well_case(const std::string& scheme, double gamma, Index cells) {
  return "[grid]\ncells = " + std::to_string(cells) +
         "\nlower = -3.2\nupper = 3.2\n[potential]\ntype = double-well\nwell = 1\nbarrier = 1\n[initial]\ntype = "
         "gaussian\nmean = -0.6\ncovariance = 0.1\n[scheme]\nname = " +
         scheme + "\nsteps = 1\ngamma = " + std::to_string(gamma) + "\n";
}

/// Classical Runge-Kutta with very many steps, another method than the library's.
Point runge_kutta(const Potential& V, Point x, double time, int steps) {
  const double dt = time / steps;
  const auto f = [&](const Point& y) { return Point(-V.gradient(y)); };
  for (int k = 0; k < steps; ++k) {
    const Point a = f(x), b = f(x + 0.5 * dt * a), c = f(x + 0.5 * dt * b), d = f(x + dt * c);
    x += dt / 6.0 * (a + 2.0 * b + 2.0 * c + d);
  }
  return x;
}

}  // namespace

TEST_CASE("drift flow: map and Jacobian, integrated and in closed form") {
  const Ridges ridges;
  const Grid grid = cube(2, 24, -3.0, 3.0);
  const DriftFlow flow(ridges, grid, 0.3);
  CHECK(flow.steps() >= 1);
  for (const Point& x : {point({0.3, -1.1}), point({-2.9, 2.7}), point({1.0, 1.0})}) {
    CHECK((flow.value(x) - runge_kutta(ridges, x, 0.3, 4000)).norm() < 1e-8 * grid.smallest_spacing());
    for (int k = 0; k < 2; ++k) {
      Point ahead = x, behind = x;
      ahead[k] += 1e-5;
      behind[k] -= 1e-5;
      const Point slope = (flow.value(ahead) - flow.value(behind)) / 2e-5;
      CHECK((flow.jacobian(x).col(k) - slope).norm() < 1e-5);
    }
  }
  const DriftFlow affine(tilted, grid, 2.0);
  CHECK(affine.steps() == 0);
  const Point x = point({1.2, -0.7});
  CHECK((affine.value(x) - runge_kutta(tilted, x, 2.0, 4000)).norm() < 1e-12);
  CHECK_THROWS_AS(DriftFlow(tilted, grid, 0.0), InvalidValue);
}

TEST_CASE("drift flow: the pushforward of a map that is no gradient agrees with the change of variables") {
  const Ridges ridges;
  const exact::Normal round{Eigen::Vector2d(0.4, -0.3), 0.2 * Eigen::Matrix2d::Identity()};
  std::vector<double> h, error;
  for (const Index cells : {48, 96}) {
    const Grid grid = cube(2, cells, -3.2, 3.2);
    const DriftFlow flow(ridges, grid, 0.25);
    const Tensor j = flow.jacobian(point({1.1, -0.4}));
    REQUIRE(std::abs(j(0, 1) - j(1, 0)) > 1e-4);
    Field rho = gaussian_field(grid, round);
    const TransportReport report = drift_pushforward(grid, ridges, 0.25).apply(rho, rho);
    CHECK(report.clamped_mass < 1e-12);
    // rho(x)/det J(x) at the point x from which the flow leads to y.
    const Field oracle = sample(grid, [&](const Point& y) {
      const Point x = runge_kutta(ridges, y, -0.25, 30);
      return gaussian_density(round, x) / oracle::determinant(flow.jacobian(x));
    });
    h.push_back(grid.axis(0).spacing());
    error.push_back(l1_distance(rho, oracle));
  }
  // Sixth order of the remap, not all of it reached on the coarse grid.
  CHECK(fitted_order(h, error) > 4.2);
  CHECK(fitted_order(h, error) < 7.0);
  CHECK(error.back() < 1e-4);
}

TEST_CASE("forward-flow follows its closed form at every step and ends at its biased variance") {
  Case run(line_case("forward-flow", 0.2, 192));
  Scheme scheme = make_scheme(run.config, run.problem);
  Field rho = run.problem.initial;
  exact::Normal law = line_start;
  for (int n = 1; n <= 40; ++n) {
    scheme.step(rho);
    law = exact::forward_flow(law, line_well, 0.2);
    // h = sigma/10 at the start: what the remap's sixth order leaves.
    if (n <= 10) CHECK(l1_distance(rho, gaussian_field(rho.grid, law)) < 1e-6);
  }
  const double stationary = 1.0 / (1.5 * (1.0 - 0.5 * 0.2 * 1.5));
  CHECK(covariance(rho)(0, 0) == doctest::Approx(stationary).epsilon(1e-7));
  CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
  CHECK(rho.values.minCoeff() >= 0.0);
}

TEST_CASE("forward-flow in the plane, with matrices that do not commute") {
  Case run(plane_case("forward-flow", 0.25, 96));
  const Field rho = run.run(2);
  const exact::Quadratic V = tilted.closed_form();
  const exact::Normal law = exact::forward_flow(exact::forward_flow(rotated, V, 0.25), V, 0.25);
  // The narrowest deviation is three cells.
  CHECK(l1_distance(rho, gaussian_field(rho.grid, law)) < 2e-3);
  CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
}

TEST_CASE("forward-flow is of first order in gamma against Ornstein-Uhlenbeck, strang of second") {
  for (const auto& [scheme, order] : {std::pair<std::string, double>{"forward-flow", 1.0}, {"strang", 2.0}}) {
    std::vector<double> gamma, error;
    for (const int steps : {10, 20, 40}) {
      gamma.push_back(0.8 / steps);
      Case run(line_case(scheme, gamma.back(), 384));
      const Field rho = run.run(steps);
      error.push_back(
          l1_distance(rho, gaussian_field(rho.grid, exact::ornstein_uhlenbeck(line_start, line_well, 0.8))));
      CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
      CHECK(rho.values.minCoeff() >= 0.0);
    }
    CHECK(fitted_order(gamma, error) == doctest::Approx(order).epsilon(0.06));
  }
}

TEST_CASE("strang in the plane is of second order, and not bound by gamma < 1/L") {
  std::vector<double> gamma, error;
  for (const int steps : {2, 4, 8}) {
    gamma.push_back(1.0 / steps);
    Case run(plane_case("strang", gamma.back(), 128));
    const Field rho = run.run(steps);
    error.push_back(
        l1_distance(rho, gaussian_field(rho.grid, exact::ornstein_uhlenbeck(rotated, tilted.closed_form(), 1.0))));
  }
  CHECK(fitted_order(gamma, error) == doctest::Approx(2.0).epsilon(0.1));
  Case run(line_case("strang", 2.0, 192));
  REQUIRE(2.0 > 1.0 / 1.5);
  CHECK(std::abs(integral(run.run(3)) - 1.0) < 1e-12);
}

TEST_CASE("strang and the finite volumes agree on a double well, each at its order") {
  const DoubleWell V(1.0, 1.0, 1.0);
  const double time = 0.48;
  const auto finite_volumes = [&](Index cells) {
    Field rho = Case(well_case("strang", 0.04, cells)).problem.initial;
    FokkerPlanck(rho.grid, &V, 1e-3).advance(rho, time);
    return rho;
  };
  std::vector<double> gamma, error;
  Case fine(well_case("strang", time / 256, 256));
  const Field limit = fine.run(256);
  for (const int steps : {8, 16, 32}) {
    gamma.push_back(time / steps);
    error.push_back(l1_distance(Case(well_case("strang", gamma.back(), 256)).run(steps), limit));
  }
  CHECK(fitted_order(gamma, error) == doctest::Approx(2.0).epsilon(0.1));

  std::vector<double> h, distance;
  for (const Index cells : {96, 192, 384}) {
    const Field rho = finite_volumes(cells);
    // Richardson's extrapolation removes the splitting's own error of second order.
    const Field coarse = Case(well_case("strang", time / 64, cells)).run(64);
    Field fine_steps = Case(well_case("strang", time / 128, cells)).run(128);
    fine_steps.values = (4.0 * fine_steps.values - coarse.values) / 3.0;
    h.push_back(rho.grid.axis(0).spacing());
    distance.push_back(l1_distance(rho, fine_steps));
  }
  CHECK(fitted_order(h, distance) == doctest::Approx(2.0).epsilon(0.1));
  CHECK(distance.back() < 1e-3);
}

TEST_CASE("splitting schemes refuse steps for which their maps are not monotone") {
  Case flow(line_case("forward-flow", 0.7, 32));
  CHECK_THROWS_AS(make_scheme(flow.config, flow.problem), UsageError);
  // h = 3/8: a heat kernel of variance below 0.7 h^2 is not resolved.
  Case sharp(line_case("strang", 0.09, 32));
  CHECK_THROWS_AS(make_scheme(sharp.config, sharp.problem), UsageError);
  Case smooth(line_case("strang", 0.1, 32));
  CHECK_NOTHROW(make_scheme(smooth.config, smooth.problem));
  // Ridges under an angle, followed for long, shear the plane: the symmetric part loses its sign.
  const Ridges ridges;
  const Grid grid = cube(2, 24, -4.0, 4.0);
  CHECK_THROWS_AS(drift_pushforward(grid, ridges, 3.0), InvalidValue);
}
