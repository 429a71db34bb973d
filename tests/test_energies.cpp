#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "random_values.hpp"
#include "wpg/energies/entropy.hpp"
#include "wpg/energies/interaction.hpp"
#include "wpg/energies/mmd.hpp"
#include "wpg/energies/potential_energy.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/initial.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;
using wpg::test::random_density;

namespace {

const Grid mixed({{12, -2.0, 2.0, Boundary::reflecting}, {10, 0.0, 3.0, Boundary::periodic}});

/// The convolution as a double sum, with the shortest offset on periodic axes. Offsets of half a period are left to
/// kernels for which their sign does not matter.
Values dense(const Grid& grid, const OffsetKernel& kernel, const Values& in) {
  Values out = Values::Zero(grid.size());
  for (Index i = 0; i < grid.size(); ++i) {
    for (Index j = 0; j < grid.size(); ++j) {
      Point x = grid.center(i) - grid.center(j);
      for (int k = 0; k < grid.dimension(); ++k) {
        const double width = grid.axis(k).upper - grid.axis(k).lower;
        if (grid.axis(k).boundary == Boundary::periodic) x[k] -= width * std::round(x[k] / width);
      }
      out[i] += kernel(x) * in[j] * grid.cell_volume();
    }
  }
  return out;
}

const std::vector<RadialKernel> all_kernels = {gaussian_kernel(0.7, 1.5), inverse_multiquadric_kernel(0.5),
                                               quadratic_kernel(2.0),     power_kernel(1.5, 0.1),
                                               power_kernel(-0.5, 0.2),   logarithmic_kernel(0.1, -1.0)};

/// Largest difference quotient error of the first variation in a random direction of mass zero.
double variation_error(const Energy& energy, const Field& rho) {
  Field direction = random_density(rho.grid, 11);
  direction.values -= random_density(rho.grid, 12).values;
  direction.values *= rho.values;
  direction.values -= rho.values * (integral(direction) / integral(rho));
  constexpr double t = 1e-4;
  Field up = rho;
  Field down = rho;
  up.values += t * direction.values;
  down.values -= t * direction.values;
  Field variation(rho.grid);
  energy.add_first_variation(rho, variation.values);
  const double quotient = (energy.value(up) - energy.value(down)) / (2.0 * t);
  return std::abs(quotient - integral(variation, direction)) / (1e-3 + std::abs(quotient));
}

const std::string line =
    "[grid]\ncells = 128\nlower = -6\nupper = 6\n[initial]\ntype = gaussian\nmean = 1\ncovariance = 0.5\n";

Field run(const std::string& text, int steps) {
  const Config config = Config::parse(line + text, ".");
  const Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  Field rho = problem.initial;
  for (int k = 0; k < steps; ++k) scheme.step(rho);
  CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
  CHECK(rho.values.minCoeff() >= 0.0);
  return rho;
}

std::string complaint(const std::string& text) {
  try {
    const Config config = Config::parse(line + text, ".");
    make_scheme(config, make_problem(config));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("convolutions are the double sum, padded and periodic, in one to three dimensions") {
  for (const RadialKernel& kernel : all_kernels) {
    for (const Grid& grid : {mixed, oracle::cube(1, 33, -1.0, 2.0), oracle::cube(3, 6, -1.0, 1.0)}) {
      CAPTURE(kernel.name);
      const Field rho = random_density(grid, 3);
      Values out(grid.size());
      for (int axis = -1; axis < 1; ++axis) {
        const OffsetKernel f = axis < 0 ? kernel.offsets() : kernel.derivative(axis);
        const Convolution convolution(grid, f);
        convolution.load(0, rho.values);
        convolution.compute(0, out);
        const Values exact = dense(grid, f, rho.values);
        CHECK((out - exact).abs().maxCoeff() < 1e-13 * (1.0 + exact.abs().maxCoeff()));
      }
    }
  }
}

TEST_CASE("a kernel's derivative is that of its value") {
  for (const RadialKernel& kernel : all_kernels) {
    CAPTURE(kernel.name);
    for (const double s : {0.01, 0.5, 3.0}) {
      const double t = 1e-5 * s;
      const double quotient = (kernel.value(s + t) - kernel.value(s - t)) / (2.0 * t);
      CHECK(kernel.slope(s) == doctest::Approx(quotient).epsilon(1e-7));
    }
  }
}

TEST_CASE("first variations are the derivatives of the energies") {
  const Field rho = random_density(mixed, 5);
  CHECK(variation_error(Entropy(), rho) < 1e-6);
  CHECK(variation_error(
            PotentialEnergy(mixed, oracle::QuadraticPotential(point({0.1, 1.0}), tensor({1.0, 0.2, 0.2, 2.0}))), rho) <
        1e-8);
  for (const RadialKernel& kernel : all_kernels) CHECK(variation_error(Interaction(mixed, kernel), rho) < 1e-8);
  CHECK(variation_error(Mmd(random_density(mixed, 8), gaussian_kernel(0.7)), rho) < 1e-8);
}

TEST_CASE("Gaussian kernels between Gaussians: interaction and discrepancy in closed form") {
  const Grid grid = oracle::cube(1, 160, -8.0, 8.0);
  const double w2 = 0.6;
  // E k(X - Y) for X - Y ~ N(d, s).
  const auto mean_kernel = [&](double d, double s) {
    return std::sqrt(w2 / (w2 + s)) * std::exp(-0.5 * d * d / (w2 + s));
  };
  const auto law = [&](double mean, double variance) {
    return oracle::gaussian_field(grid,
                                  {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)});
  };
  const RadialKernel kernel = gaussian_kernel(std::sqrt(w2));
  CHECK(Interaction(grid, kernel).value(law(0.3, 0.8)) == doctest::Approx(0.5 * mean_kernel(0.0, 1.6)).epsilon(1e-12));
  const double exact = 0.5 * mean_kernel(0.0, 1.6) + 0.5 * mean_kernel(0.0, 0.8) - mean_kernel(1.3, 1.2);
  CHECK(Mmd(law(-1.0, 0.4), kernel).value(law(0.3, 0.8)) == doctest::Approx(exact).epsilon(1e-12));
}

TEST_CASE("aggregation by the quadratic kernel contracts to the mean in closed form") {
  const Field rho =
      run("[potential]\ntype = none\n[energy]\ntype = none\ninteraction = quadratic\nstrength = 2\n"
          "[scheme]\nname = forward\ngamma = 0.05\nsteps = 1\n",
          5);
  CHECK(mean(rho)[0] == doctest::Approx(1.0).epsilon(1e-8));
  CHECK(covariance(rho)(0, 0) == doctest::Approx(0.5 * std::pow(0.9, 10)).epsilon(1e-5));
}

TEST_CASE("aggregation-diffusion is a Gaussian proximal gradient about the conserved mean") {
  const Field rho =
      run("[potential]\ntype = none\n[energy]\ninteraction = quadratic\nstrength = 2\n"
          "[scheme]\nname = forward-backward\ngamma = 0.1\nsteps = 1\n",
          8);
  exact::Normal law{Eigen::VectorXd::Constant(1, 1.0), Eigen::MatrixXd::Constant(1, 1, 0.5)};
  const exact::Quadratic V{law.mean, Eigen::MatrixXd::Constant(1, 1, 2.0)};
  const double epsilon = std::pow(rho.grid.largest_spacing(), 2);
  for (int k = 0; k < 8; ++k) law = exact::entropic_forward_backward(law, V, 0.1, epsilon);
  CHECK(mean(rho)[0] == doctest::Approx(1.0).epsilon(1e-6));
  CHECK(covariance(rho)(0, 0) == doctest::Approx(law.covariance(0, 0)).epsilon(1e-5));
}

TEST_CASE("discrepancy flow: the energy falls, at the rate of its own velocity") {
  const std::string text =
      "[potential]\ntype = quadratic\nprecision = 2\n[energy]\ntype = none\nmmd = gaussian\nwidth = 1\n"
      "[scheme]\nname = forward\nsteps = 1\ngamma = ";
  const Config config = Config::parse(line + text + "0.5\n", ".");
  const Problem problem = make_problem(config);
  REQUIRE(problem.energies.size() == 1);
  const Energy& energy = *problem.energies.front();
  double last = energy.value(problem.initial);
  Scheme scheme = make_scheme(config, problem);
  Field rho = problem.initial;
  for (int k = 0; k < 30; ++k) {
    scheme.step(rho);
    const double now = energy.value(rho);
    CHECK(now < last);
    last = now;
  }
  CHECK(last < 0.02 * energy.value(problem.initial));
  // First order: the loss in time 0.4, extrapolated from the two finest, differs from each in proportion to gamma.
  std::vector<double> gammas{0.1, 0.05, 0.025};
  std::vector<double> values;
  for (const double gamma : gammas) {
    values.push_back(
        energy.value(run(text + std::to_string(gamma) + "\n", static_cast<int>(std::lround(0.4 / gamma)))));
  }
  CHECK((values[0] - values[1]) / (values[1] - values[2]) == doctest::Approx(2.0).epsilon(0.1));
}

TEST_CASE("only an energy that leads to exp(-V) has it for a target") {
  const std::string V = "[potential]\ntype = quadratic\n";
  const auto has_target = [&](const std::string& energy) {
    return make_problem(Config::parse(line + V + energy, ".")).target.has_value();
  };
  CHECK(has_target(""));
  CHECK(has_target("[energy]\ntype = none\nmmd = gaussian\n"));
  CHECK_FALSE(has_target("[energy]\ninteraction = quadratic\n"));
  CHECK_FALSE(has_target("[energy]\ntype = none\n"));
}

TEST_CASE("energies that a scheme cannot take are refused by name") {
  const std::string flat = "[potential]\ntype = none\n";
  const std::string steps = "[scheme]\ngamma = 0.1\nsteps = 1\nname = ";
  const std::string drawn = "[energy]\ninteraction = quadratic\n";
  CHECK(complaint(flat + drawn + steps + "backward\n").find("scheme.name = backward") == 0);
  CHECK(complaint(flat + drawn + steps + "svgd\n").find("scheme.name = svgd") == 0);
  CHECK(complaint(flat + steps + "svgd\n").find("potential.type = none") == 0);
  CHECK(complaint(flat + "[energy]\ntype = none\ninteraction = quadratic\n" + steps + "forward-backward\n")
            .find("energy.type = none") == 0);
  CHECK(complaint(flat + "[energy]\ntype = none\n" + steps + "forward\n").find("energy.type = none") == 0);
  CHECK(complaint(flat + "[energy]\ninteraction = quadratic\nwidth = 2\n" + steps + "forward\n").find("energy.width") ==
        0);
  CHECK(complaint(flat + "[energy]\ninteraction = gaussian\nwidth = -1\n" + steps + "forward\n")
            .find("energy.width = -1") == 0);
  CHECK(complaint(flat + "[energy]\ninteraction = power\nexponent = 0\n" + steps + "forward\n")
            .find("energy.exponent = 0") == 0);
  CHECK(complaint(flat + "[energy]\ninteraction = cubic\n" + steps + "forward\n").find("energy.interaction = cubic") ==
        0);
}
