#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

#include "oracles.hpp"
#include "wpg/energies/network.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"

using namespace wpg;

namespace {

std::string complaint(const std::string& text) {
  const std::string line =
      "[grid]\ncells = 16\nlower = -3\nupper = 3\n[potential]\ntype = none\n[initial]\ntype = gaussian\n";
  try {
    const Config config = Config::parse(line + text, ".");
    make_scheme(config, make_problem(config));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("network: what does not fit is refused by name") {
  const std::string forward = "[scheme]\nname = forward\ngamma = 0.1\nsteps = 1\n";
  const std::string tanh_only = "[energy]\ntype = none\nnetwork = tanh\n";
  const std::string good = tanh_only + "[network]\nmeans = 1\n";
  CHECK(complaint(good + forward) == "no error");
  CHECK(complaint(tanh_only + forward).find("energy.network = tanh: needs network.data") == 0);
  CHECK(complaint("[energy]\ntype = none\nnetwork = step\n" + forward).find("energy.network = step") == 0);
  CHECK(complaint(good + "truth = x\n" + forward).find("network.means = 1") == 0);
  CHECK(complaint(good + "columns = x y\n" + forward).find("network.columns = x y") == 0);
  CHECK(complaint(good + "parameters = weight bias\n" + forward).find("network.parameters = weight bias") == 0);
  CHECK(complaint(good + "parameters = height\n" + forward).find("network.parameters = height") == 0);
  CHECK(complaint(good + "range = 2 1\n" + forward).find("network.range = 2 1") == 0);
  CHECK(complaint(good + "weights = 1 2\n" + forward).find("network.weights = 1 2") == 0);
  CHECK(complaint(tanh_only + "[network]\ntruth = log(x)\n" + forward).find("network.truth = log(x)") == 0);
  CHECK(complaint(tanh_only + "[network]\ndata = no.csv\ncolumns = x y\n" + forward).find("no.csv") !=
        std::string::npos);
  CHECK(complaint(tanh_only + "[network]\ndata = no.csv\ncolumns = y\n" + forward).find("network.columns = y") == 0);
  CHECK(complaint("[energy]\ninteraction = quadratic\nnetwork = tanh\n[network]\nmeans = 1\n" + forward)
            .find("energy.network = tanh") == 0);
  CHECK(complaint("[energy]\ninteraction = quadratic\n[network]\nmeans = 1\n" + forward).find("network.means = 1") ==
        0);
  CHECK(complaint("[energy]\ntype = none\nnetwork = tanh\nstrength = -1\n[network]\nmeans = 1\n" + forward)
            .find("energy.strength = -1") == 0);
  CHECK(complaint("[energy]\ntype = none\nnetwork = tanh\nwidth = 1\n[network]\nmeans = 1\n" + forward)
            .find("energy.width") == 0);
  CHECK(complaint(good + "covariances = 0.1\nrange = -2 2\n" + forward) == "no error");
  CHECK(complaint(good + "covariances = -1\n" + forward).find("network.covariances = -1") == 0);
  CHECK(complaint(tanh_only + "[network]\ntruth = x +\n" + forward).find("network.truth = x +") == 0);
  CHECK(
      complaint(good + forward + "[grid]\nboundary = periodic\n").find("energy.network = tanh: boundary = periodic") ==
      0);
  for (const std::string scheme : {"backward", "svgd", "forward-flow", "strang"}) {
    CHECK(complaint("[energy]\nnetwork = tanh\n[network]\nmeans = 1\n[scheme]\ngamma = 0.1\nsteps = 1\nname = " +
                    scheme + "\n")
              .find("scheme.name = " + scheme) == 0);
  }
}

TEST_CASE("network: data that it cannot take are refused") {
  const Neuron tanh_of_bias([](double x) { return std::tanh(x); }, {Parameter::bias});
  const Neuron cosine_of_bias([](double x) { return std::cos(x); }, {Parameter::bias});
  const Grid ring = oracle::cube(1, 16, 0.0, 2.0 * std::numbers::pi, Boundary::periodic);
  const Regression good{Eigen::RowVectorXd::LinSpaced(3, -1.0, 1.0), Values::Ones(3), Values::Ones(3)};
  CHECK_THROWS_AS(Network(ring, tanh_of_bias, good), InvalidValue);
  CHECK_NOTHROW(Network(ring, cosine_of_bias, good));
  CHECK_THROWS_AS(Network(oracle::cube(2, 8, 0.0, 1.0), cosine_of_bias, good), InvalidValue);
  CHECK_THROWS_AS(Network(ring, cosine_of_bias, good, 0.0), InvalidValue);
  Regression bad = good;
  bad.weight[1] = 0.0;
  CHECK_THROWS_AS(Network(ring, cosine_of_bias, bad), InvalidValue);
  bad = good;
  bad.y[0] = std::nan("");
  CHECK_THROWS_AS(Network(ring, cosine_of_bias, bad), InvalidValue);
  bad = good;
  bad.y.conservativeResize(2);
  CHECK_THROWS_AS(Network(ring, cosine_of_bias, bad), InvalidValue);
  bad = good;
  bad.x = Eigen::MatrixXd::Ones(2, 3);
  CHECK_THROWS_AS(Network(ring, cosine_of_bias, bad), InvalidValue);
}

TEST_CASE("network: observations come from a CSV file, inputs by name, with equal weights") {
  const auto path = std::filesystem::temp_directory_path() / "wpg-network-data.csv";
  std::ofstream(path) << "y,b,a\n0.5,1,2\n-0.5,3,4\n0.25,5,6\n";
  const Config config = Config::parse(
      "[grid]\ncells = 8 8\nlower = -3\nupper = 3\n[potential]\ntype = none\n[initial]\ntype = gaussian\n"
      "[energy]\ntype = none\nnetwork = relu\n[network]\nparameters = weight weight\ncolumns = a b y\ndata = " +
          path.string() + "\n[scheme]\nname = forward\ngamma = 0.1\nsteps = 1\n",
      ".");
  const Problem problem = make_problem(config);
  std::filesystem::remove(path);
  // phi at every cell and point, and little else.
  CHECK(problem.network->memory() >= 8 * 64 * 3);
  CHECK(problem.network->memory() < 8 * 64 * 5);
  const Regression& data = problem.network->data();
  Eigen::MatrixXd x(2, 3);
  x << 2, 4, 6, 1, 3, 5;
  CHECK(data.x == x);
  CHECK((data.y == Values{{0.5, -0.5, 0.25}}).all());
  CHECK((data.weight - 1.0 / 3.0).abs().maxCoeff() < 1e-15);
}
