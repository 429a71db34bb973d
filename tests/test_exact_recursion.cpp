#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/exact.hpp"

using namespace wpg;

namespace {

const exact::Normal start{Eigen::Vector2d(1.0, -2.0), (Eigen::Matrix2d() << 1.3, 0.4, 0.4, 0.5).finished()};
const exact::Quadratic bowl{Eigen::Vector2d(0.3, 0.2), (Eigen::Matrix2d() << 0.9, -0.5, -0.5, 1.6).finished()};

exact::Normal after(const std::string& scheme, Index steps, const exact::GaussianRecursion::Step& step) {
  exact::GaussianRecursion recursion(scheme, start, bowl, step);
  for (Index n = 0; n < steps; ++n) recursion.advance();
  CHECK(recursion.step() == steps);
  return recursion.law();
}

double distance(const exact::Normal& a, const exact::Normal& b) {
  return (a.mean - b.mean).norm() + (a.covariance - b.covariance).norm();
}

}  // namespace

TEST_CASE("recursions by name are first order in gamma towards Ornstein-Uhlenbeck") {
  const exact::Normal flow = exact::ornstein_uhlenbeck(start, bowl, 0.8);
  CHECK(distance(after("fokker-planck", 8, {0.1}), flow) < 1e-13);
  for (const char* scheme : {"forward-backward", "backward", "forward", "forward-flow"}) {
    CAPTURE(scheme);
    REQUIRE(exact::GaussianRecursion::knows(scheme));
    std::vector<double> gamma, error;
    for (const Index steps : {160, 320, 640}) {
      gamma.push_back(0.8 / static_cast<double>(steps));
      error.push_back(distance(after(scheme, steps, {gamma.back()}), flow));
    }
    CHECK(oracle::fitted_order(gamma, error) == doctest::Approx(1.0).epsilon(0.1));
  }
}

TEST_CASE("the recursion of Strang's splitting is second order, and ends at the variance gamma coth(gamma lambda)") {
  const exact::Normal flow = exact::ornstein_uhlenbeck(start, bowl, 0.8);
  std::vector<double> gamma, error;
  for (const Index steps : {8, 16, 32}) {
    gamma.push_back(0.8 / static_cast<double>(steps));
    error.push_back(distance(after("strang", steps, {gamma.back()}), flow));
  }
  CHECK(oracle::fitted_order(gamma, error) == doctest::Approx(2.0).epsilon(0.05));
  const oracle::Eigensystem eigen(bowl.precision);
  const Eigen::VectorXd limit = eigen.values.unaryExpr([](double l) { return 0.4 / std::tanh(0.4 * l); });
  const Eigen::MatrixXd covariance = eigen.with(limit);
  CHECK((after("strang", 200, {0.4}).covariance - covariance).norm() < 1e-12);
}

TEST_CASE("the entropic recursion differs from the exact one by epsilon squared, unless it is not compensated") {
  for (const bool compensate : {true, false}) {
    std::vector<double> epsilon, error;
    for (const double e : {0.04, 0.02, 0.01}) {
      epsilon.push_back(e);
      error.push_back(
          distance(after("forward-backward", 5, {0.2, e, compensate}), after("forward-backward", 5, {0.2})));
    }
    CHECK(oracle::fitted_order(epsilon, error) == doctest::Approx(compensate ? 2.0 : 1.0).epsilon(0.1));
  }
}

TEST_CASE("a scheme without closed form is refused by name") {
  CHECK_FALSE(exact::GaussianRecursion::knows("svgd"));
  CHECK_THROWS_AS(exact::GaussianRecursion("svgd", start, bowl, {0.1}), InvalidValue);
}

TEST_CASE("Barenblatt's solution has mass one and solves the porous medium equation") {
  for (const double m : {1.5, 2.0, 3.0}) {
    const double edge = exact::barenblatt_radius(0.7, 2, m);
    CHECK(exact::barenblatt(1.0001 * edge, 0.7, 2, m) == 0.0);
    const int cells = 20000;
    double mass = 0.0;
    for (int i = 0; i < cells; ++i) {
      const double r = edge * (i + 0.5) / cells;
      mass += 2.0 * M_PI * r * exact::barenblatt(r, 0.7, 2, m) * edge / cells;
    }
    // Midpoint rule with a root singularity at the edge.
    CHECK(mass == doctest::Approx(1.0).epsilon(1e-5));
    // d_t rho = (rho^m)'' on a line, by central differences of second order.
    const double x = 0.4 * exact::barenblatt_radius(1.0, 1, m), d = 1e-4;
    const auto power = [&](double at) { return std::pow(exact::barenblatt(at, 1.0, 1, m), m); };
    const double left = (exact::barenblatt(x, 1.0 + d, 1, m) - exact::barenblatt(x, 1.0 - d, 1, m)) / (2.0 * d);
    const double right = (power(x + d) - 2.0 * power(x) + power(x - d)) / (d * d);
    CHECK(left == doctest::Approx(right).epsilon(1e-5));
  }
  CHECK_THROWS_AS(exact::barenblatt(0.0, 1.0, 1, 1.0), InvalidValue);
  CHECK_THROWS_AS(exact::barenblatt(0.0, -1.0, 1, 2.0), InvalidValue);
}
