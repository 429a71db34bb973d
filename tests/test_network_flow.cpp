#include <doctest/doctest.h>

#include <cmath>

#include "bilinear_network.hpp"
#include "oracles.hpp"
#include "wpg/energies/network.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using wpg::test::BilinearNetwork;

namespace {}  // namespace

TEST_CASE("network: steps of a bilinear network are those of its closed form, up to the error of the remap") {
  // Velocity and map are exact for this quadratic phi. On 56 cells an axis the remap's error has fallen to what the box
  // cuts off, 5e-8.
  CHECK(BilinearNetwork("40 40", 0.0).error() < 1e-4);
  CHECK(BilinearNetwork("56 56", 0.0).error() < 1e-7);
}

TEST_CASE("network: the loss falls at every step, and steps are of first order in gamma") {
  const std::string text =
      "[grid]\ncells = 32 32\nlower = -4\nupper = 4\n[potential]\ntype = none\n"
      "[initial]\ntype = gaussian\ncovariance = 0.5\n[energy]\ntype = none\nnetwork = tanh\n"
      "[network]\nmeans = 2 1 -1 1\nrange = -2 2\nnodes = 16\n[scheme]\nname = forward\nsteps = 1\ngamma = ";
  std::vector<Field> ends;
  for (const double gamma : {0.4, 0.2, 0.1}) {
    const Config config = Config::parse(text + std::to_string(gamma) + "\n", ".");
    const Problem problem = make_problem(config);
    Scheme scheme = make_scheme(config, problem);
    Field rho = problem.initial;
    double last = problem.network->value(rho);
    for (int n = 0; n < std::lround(2.0 / gamma); ++n) {
      CHECK(scheme.step(rho).transport.substeps == 1);
      const double now = problem.network->value(rho);
      CHECK(now < last);
      last = now;
    }
    CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
    ends.push_back(rho);
  }
  CHECK(l1_distance(ends[0], ends[1]) / l1_distance(ends[1], ends[2]) == doctest::Approx(2.0).epsilon(0.1));
}

TEST_CASE("network: a step beyond what its tangent kernel allows is divided, so that the loss still falls") {
  // phi = w x, y = x: the mean's error shrinks by 1 - gamma E x^2 a step, E x^2 = 12; phi is linear, so nothing is
  // compressed.
  const std::string text =
      "[grid]\ncells = 64\nlower = -6\nupper = 6\n[potential]\ntype = none\n[initial]\ntype = gaussian\ncovariance = "
      "0.5\n"
      "[energy]\ntype = none\nnetwork = linear\n[network]\ntruth = x\nrange = -6 6\nnodes = 4\n"
      "[scheme]\nname = forward\nsteps = 1\ngamma = 0.5\n";
  const Config config = Config::parse(text, ".");
  const Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  Field rho = problem.initial;
  CHECK(problem.network->response_rate(rho) == doctest::Approx(12.0).epsilon(1e-6));
  const double before = problem.network->value(rho);
  CHECK(scheme.step(rho).transport.substeps == 6);
  CHECK(problem.network->value(rho) < 1e-3 * before);
  const Config strict = Config::parse(text + "substeps = refuse\n", ".");
  Scheme refusing = make_scheme(strict, problem);
  CHECK_THROWS_AS(refusing.step(rho), UsageError);
}
