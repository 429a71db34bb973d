#include "wpg/particles.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/initial.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/explicit_stage.hpp"
#include "wpg/schemes/stein_velocity.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;

namespace {

Eigen::MatrixXd sample_covariance(const Particles& x) {
  const Eigen::MatrixXd centered = x.rowwise() - x.colwise().mean();
  return centered.transpose() * centered / static_cast<double>(x.rows());
}

const oracle::QuadraticPotential V_2d(point({0.3, -0.2}), tensor({1.5, 0.6, 0.6, 0.9}));

}  // namespace

TEST_CASE("particles: normal numbers have their moments and repeat with their seed") {
  NormalNumbers random(7);
  NormalNumbers same(7);
  NormalNumbers other(8);
  constexpr int n = 100000;
  double first = 0.0;
  double second = 0.0;
  double fourth = 0.0;
  int equal = 0;
  int differ = 0;
  for (int k = 0; k < n; ++k) {
    const double z = random();
    equal += z == same() ? 1 : 0;
    differ += z == other() ? 0 : 1;
    first += z / n;
    second += z * z / n;
    fourth += z * z * z * z / n;
  }
  // Four standard errors: sqrt(1/n), sqrt(2/n), sqrt(96/n).
  CHECK(std::abs(first) < 0.0127);
  CHECK(std::abs(second - 1.0) < 0.018);
  CHECK(std::abs(fourth - 3.0) < 0.124);
  CHECK(equal == n);
  CHECK(differ == n);
}

TEST_CASE("particles: drawn from a density they have its moments and lie where it is positive") {
  const Grid grid = oracle::cube(2, 40, -3.0, 3.0);
  const Field rho = box_density(grid, point({-1.0, 0.3}), point({2.0, 1.2}));
  NormalNumbers random(1);
  const Particles x = draw_particles(rho, 20000, random);
  CHECK((x.colwise().mean().transpose() - mean(rho)).norm() < 0.03);  // four standard errors of 0.9/sqrt(20000)
  CHECK((sample_covariance(x) - covariance(rho)).norm() < 0.03);
  CHECK(x.col(0).minCoeff() >= -1.0 - 0.15);
  CHECK(x.col(0).maxCoeff() <= 2.0 + 0.15);
  CHECK_THROWS_AS(draw_particles(rho, 0, random), InvalidValue);
}

TEST_CASE("particles: the law of Langevin is that of forward-flow, bias included") {
  const exact::Normal start{Eigen::Vector2d(-0.5, 0.6), (Eigen::Matrix2d() << 0.5, 0.2, 0.2, 0.4).finished()};
  const Grid grid = oracle::cube(2, 64, -5.0, 5.0);
  NormalNumbers random(3);
  Particles x = draw_particles(oracle::gaussian_field(grid, start), 20000, random);
  exact::Normal law = start;
  for (int k = 0; k < 15; ++k) {
    langevin_step(x, V_2d, 0.4, random);
    law = exact::forward_flow(law, V_2d.closed_form(), 0.4);
  }
  CHECK((x.colwise().mean().transpose() - law.mean).norm() < 0.05);
  // Four standard errors are 0.06; the bias of Langevin is ten times that.
  CHECK((sample_covariance(x) - law.covariance).norm() < 0.08);
  CHECK((sample_covariance(x) - oracle::inverse(V_2d.precision)).norm() > 0.3);
}

TEST_CASE("particles: Stein descent of particles tends to its mean field as their number grows") {
  const DoubleWell V(1.2, 0.8, 1.0);
  const RadialKernel kernel = gaussian_kernel(0.7);
  const Grid grid = oracle::cube(1, 160, -4.0, 4.0);
  Field rho = sample(grid, [](const Point& x) { return std::exp(-4.0 * std::pow(x[0] - 0.9, 2)); });
  normalise(rho);
  const Field start = rho;
  ExplicitStage stage(grid, 0.1, std::make_unique<SteinVelocity>(grid, V, kernel));
  StepReport report;
  for (int k = 0; k < 10; ++k) stage.apply(rho, report);
  std::vector<double> counts;
  std::vector<double> errors;
  for (const Index count : {50, 150, 450}) {
    double squares = 0.0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      NormalNumbers random(seed);
      Particles x = draw_particles(start, count, random);
      for (int k = 0; k < 10; ++k) stein_step(x, V, kernel, 0.1);
      squares += std::pow(x.mean() - mean(rho)[0], 2) / 20.0;
    }
    counts.push_back(static_cast<double>(count));
    errors.push_back(std::sqrt(squares));
  }
  // The root mean square of 20 draws has a relative error of 16 %, the slope over a factor of 9 an error of 0.1.
  CHECK(oracle::fitted_order(counts, errors) == doctest::Approx(-0.5).epsilon(0.4));
  CHECK(errors.back() < 0.03);
}

TEST_CASE("particles: steps refuse what is out of range") {
  Particles x = Particles::Zero(3, 2);
  NormalNumbers random(1);
  CHECK_THROWS_AS(langevin_step(x, V_2d, 0.0, random), InvalidValue);
  CHECK_THROWS_AS(langevin_step(x, V_2d, std::nan(""), random), InvalidValue);
  CHECK_THROWS_AS(stein_step(x, V_2d, gaussian_kernel(1.0), -1.0), InvalidValue);
}
