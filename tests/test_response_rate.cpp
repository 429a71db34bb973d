#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/energies/mmd.hpp"
#include "wpg/energies/network.hpp"
#include "wpg/factory.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;

// The rate at which a density on a line relaxes, to first order in a displacement v: the largest eigenvalue of the
// energy's second derivative in L2(rho) where its first variation is flat.

namespace {

Field normal_field(const Grid& grid, double variance) {
  return oracle::gaussian_field(grid, {Eigen::VectorXd::Constant(1, 0.0), Eigen::MatrixXd::Constant(1, 1, variance)});
}

double largest(const Eigen::MatrixXd& symmetric) { return oracle::Eigensystem(symmetric).values.maxCoeff(); }

}  // namespace

TEST_CASE("the rate of a discrepancy is a bound of its operator's, for thin densities and wide ones") {
  const Grid grid = oracle::cube(1, 120, -6.0, 6.0);
  const double width = 0.8;
  for (const double variance : {0.02, 0.3, 3.0}) {
    const Field rho = normal_field(grid, variance);
    Eigen::MatrixXd operator_in_l2(120, 120);
    for (Index i = 0; i < 120; ++i) {
      for (Index j = 0; j < 120; ++j) {
        const double s = std::pow((grid.center(i) - grid.center(j))[0] / width, 2);
        operator_in_l2(i, j) = (1.0 - s) / (width * width) * std::exp(-0.5 * s) *
                               std::sqrt(rho.values[i] * rho.values[j]) * grid.cell_volume();
      }
    }
    const double exact = largest(operator_in_l2);
    const double bound = Mmd(rho, gaussian_kernel(width)).response_rate(rho);
    CHECK(bound >= exact);
    CHECK(bound < 2.0 * exact);
  }
}

TEST_CASE("the rate of a network is a bound of its tangent kernel's") {
  const Grid grid = oracle::cube(1, 160, -5.0, 5.0);
  Regression data{Eigen::RowVectorXd::LinSpaced(11, -2.0, 2.0), Values::Zero(11), Values::Ones(11)};
  const Network network(grid, Neuron([](double s) { return std::tanh(s); }, {Parameter::weight}), data, 3.0);
  const Field rho = normal_field(grid, 0.5);
  Eigen::MatrixXd tangent = Eigen::MatrixXd::Zero(11, 11);
  for (Index cell = 0; cell < grid.size(); ++cell) {
    Eigen::VectorXd slope(11);
    for (Index p = 0; p < 11; ++p)
      slope[p] = data.x(0, p) / std::pow(std::cosh(grid.center(cell)[0] * data.x(0, p)), 2);
    tangent += 3.0 / 11.0 * rho.values[cell] * grid.cell_volume() * slope * slope.transpose();
  }
  // The slopes are differences of fourth order, h = 1/16.
  CHECK(network.response_rate(rho) == doctest::Approx(tangent.trace()).epsilon(1e-3));
  CHECK(network.response_rate(rho) >= largest(tangent));
}

TEST_CASE("a discrepancy's step beyond its rate is divided, so that it falls") {
  const Config config = Config::parse(
      "[grid]\ncells = 80\nlower = -4\nupper = 4\n[potential]\ntype = quadratic\nprecision = 2\n"
      "[initial]\ntype = gaussian\nmean = 0.1\ncovariance = 0.5\n[energy]\ntype = none\nmmd = gaussian\nwidth = 1\n"
      "strength = 20\n[scheme]\nname = forward\ngamma = 0.5\nsteps = 1\n",
      ".");
  const Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  Field rho = problem.initial;
  double last = problem.energies.front()->value(rho);
  for (int n = 0; n < 5; ++n) {
    CHECK(scheme.step(rho).transport.substeps > 5);
    const double now = problem.energies.front()->value(rho);
    CHECK(now < last);
    last = now;
  }
}
