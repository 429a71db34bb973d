#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/initial.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/jko_stage.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;

namespace {

/// The backward step of the whole KL as a stage.
JkoStage backward(const Grid& grid, const Potential& V, double gamma, double epsilon, double tolerance = 1e-10) {
  EntropicOptions options;
  options.gamma = gamma;
  options.epsilon = epsilon;
  options.tolerance = tolerance;
  options.potential = &V;
  auto solver = std::make_unique<EntropicJko>(grid, options);
  const std::size_t memory = solver->memory();
  return JkoStage(grid, std::move(solver), memory);
}

const oracle::QuadraticPotential stiff(point({0.3, -0.2}), tensor({2.0, 0.6, 0.6, 0.9}));
const exact::Normal start{Eigen::Vector2d(-0.5, 0.6), (Eigen::Matrix2d() << 0.5, 0.2, 0.2, 0.3).finished()};

Field density_1d(Index cells, double mean, double variance) {
  return oracle::gaussian_field(oracle::cube(1, cells, -7.0, 7.0),
                                {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)});
}

exact::Normal law_1d(double mean, double variance) {
  return {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

}  // namespace

TEST_CASE("backward: one step agrees with the entropic closed form, covariance and precision not commuting") {
  const Grid grid = oracle::cube(2, 128, -8.0, 8.0);
  const double epsilon = std::pow(grid.largest_spacing(), 2);
  // The last two are beyond 1/L = 0.45.
  for (const double gamma : {0.1, 0.6, 2.0}) {
    Field rho = oracle::gaussian_field(grid, start);
    StepReport report;
    backward(grid, stiff, gamma, epsilon, 1e-11).apply(rho, report);
    const exact::Normal law =
        exact::entropic_backward(start, stiff.closed_form(), gamma, gamma - 0.5 * epsilon, epsilon);
    CAPTURE(gamma);
    CHECK(report.jko.converged);
    // The sampled kernel is a quadrature to exp(-2 pi^2) = 3e-9 for epsilon = h^2.
    CHECK((mean(rho) - Point(law.mean)).norm() < 2e-8);
    CHECK((covariance(rho) - Tensor(law.covariance)).norm() < 2e-8);
    CHECK(l1_distance(rho, oracle::gaussian_field(grid, law)) < 2e-7);
  }
}

TEST_CASE("backward: first order in gamma against Ornstein-Uhlenbeck") {
  const oracle::QuadraticPotential V(point({0.0}), tensor({1.3}));
  const exact::Normal law = exact::ornstein_uhlenbeck(law_1d(1.0, 0.4), V.closed_form(), 0.8);
  std::vector<double> gammas;
  std::vector<double> errors;
  for (const int steps : {4, 8, 16, 32}) {
    Field rho = density_1d(256, 1.0, 0.4);
    const double gamma = 0.8 / steps;
    JkoStage stage = backward(rho.grid, V, gamma, std::pow(rho.grid.largest_spacing(), 2));
    StepReport report;
    for (int k = 0; k < steps; ++k) stage.apply(rho, report);
    gammas.push_back(gamma);
    errors.push_back(l1_distance(rho, oracle::gaussian_field(rho.grid, law)));
  }
  CHECK(oracle::fitted_order(gammas, errors) == doctest::Approx(1.0).epsilon(0.06));
}

TEST_CASE("backward: the stationary density is the target up to epsilon squared, whatever the potential") {
  const DoubleWell V(1.2, 1.5, 1.0);
  std::vector<double> epsilons{0.16, 0.08, 0.04, 0.02};
  std::vector<double> bias;
  const Grid grid = oracle::cube(1, 128, -4.0, 4.0);
  const Field target = gibbs_density(V, grid);
  for (const double epsilon : epsilons) {
    Field rho = target;
    JkoStage stage = backward(grid, V, 0.5, epsilon);
    StepReport report;
    for (int k = 0; k < 25; ++k) stage.apply(rho, report);
    bias.push_back(l1_distance(rho, target));
    CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
    CHECK(rho.values.minCoeff() >= 0.0);
  }
  CHECK(oracle::fitted_order(epsilons, bias) == doctest::Approx(2.0).epsilon(0.1));
}

TEST_CASE("backward: a case may take steps beyond 1/L") {
  const std::string text =
      "[grid]\ncells = 64\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\nprecision = 4\n"
      "[initial]\ntype = gaussian\nmean = 1\n[scheme]\nname = backward\nsteps = 1\ngamma = ";
  const Config config = Config::parse(text + "3\n", ".");
  const Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  CHECK(scheme.name == "backward");
  CHECK(scheme.time_step == 3.0);
  Field rho = problem.initial;
  scheme.step(rho);
  CHECK(mean(rho)[0] == doctest::Approx(1.0 / 13.0).epsilon(1e-6));
  CHECK_THROWS_AS(make_scheme(Config::parse(text + "-1\n", "."), problem), UsageError);
}
