#include <doctest/doctest.h>

#include <cmath>

#include "bilinear_network.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/particles.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using wpg::test::BilinearNetwork;

namespace {

const std::string discrepancy =
    "[grid]\ncells = 160\nlower = -8\nupper = 8\n[potential]\ntype = quadratic\nmean = 2\nprecision = 2\n"
    "[initial]\ntype = gaussian\nmean = -2.5\ncovariance = 0.3\n[energy]\ntype = none\nmmd = gaussian\nwidth = 1.5\n"
    "[scheme]\nname = forward\ngamma = 1\nsteps = 1\n";

Field flowed(const std::string& text, int steps) {
  const Config config = Config::parse(text, ".");
  const Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  Field rho = problem.initial;
  for (int n = 0; n < steps; ++n) CHECK(scheme.step(rho).transport.substeps == 1);
  CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
  return rho;
}

std::string complaint(const std::string& text) {
  try {
    const Config config = Config::parse(text, ".");
    make_scheme(config, make_problem(config));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// The derivative of exp(-r^2/(2 s)) sqrt(1.5^2/s) in r: of the kernel of width 1.5 averaged over a normal law of
/// variance s - 1.5^2.
double kernel_slope(double r, double s) { return -r / s * 1.5 / std::sqrt(s) * std::exp(-0.5 * r * r / s); }

/// Mean and variance of interacting particles after some steps of the noisy flow of `discrepancy`, from a seed.
std::pair<double, double> particle_moments(int count, int steps, double beta) {
  NormalNumbers normal(2019);
  std::vector<double> x(static_cast<std::size_t>(count));
  for (double& position : x) position = -2.5 + std::sqrt(0.3) * normal();
  for (int n = 0; n < steps; ++n) {
    const std::vector<double> before = x;
    for (double& position : x) {
      const double at = position + beta * normal();
      double slope = -kernel_slope(at - 2.0, 2.25 + 0.5);
      for (const double other : before) slope += kernel_slope(at - other, 2.25) / count;
      position -= slope;
    }
  }
  double mean = 0.0, variance = 0.0;
  for (const double position : x) mean += position / count;
  for (const double position : x) variance += (position - mean) * (position - mean) / count;
  return {mean, variance};
}

}  // namespace

TEST_CASE("noise: a bilinear network's noisy steps are normal laws in closed form") {
  CHECK(BilinearNetwork("64 64", 0.6, "noise = 0.6\nnoise-nodes = 3\n").error() < 1e-6);
}

TEST_CASE("noise: as it vanishes the flow is the plain one, to second order") {
  const Field plain = flowed(discrepancy, 5);
  const double large = l1_distance(flowed(discrepancy + "noise = 0.1\n", 5), plain);
  const double small = l1_distance(flowed(discrepancy + "noise = 0.05\n", 5), plain);
  CHECK(large / small == doctest::Approx(4.0).epsilon(0.05));
  CHECK(l1_distance(flowed(discrepancy + "noise = 1e-6\n", 5), plain) < 1e-9);
}

TEST_CASE("noise: more nodes change nothing where the gradient is smooth over the reach of the noise") {
  const std::string noisy = discrepancy + "noise = 1.5\nnoise-nodes = ";
  const Field best = flowed(noisy + "30\n", 4);
  const auto error = [&](const std::string& nodes) {
    return std::abs(mean(flowed(noisy + nodes + "\n", 4))[0] - mean(best)[0]);
  };
  // Spectral: the noise reaches as far as the kernel is wide.
  CHECK(error("5") < 2e-3);
  CHECK(error("10") < 1e-5);
  CHECK(error("10") < 0.02 * error("5"));
  // A density in few shifted copies is rougher than its moments tell.
  CHECK(l1_distance(flowed(noisy + "10\n", 4), best) < 1e-2);
}

TEST_CASE("noise: the flow of the discrepancy is the law of its particles") {
  const int count = 1500;
  const Field rho = flowed(discrepancy + "noise = 1.2\nnoise-nodes = 9\n", 12);
  const auto [mean_particles, variance_particles] = particle_moments(count, 12, 1.2);
  const double variance = covariance(rho)(0, 0);
  // Four standard errors of the moments of that many independent points.
  CHECK(std::abs(mean(rho)[0] - mean_particles) < 4.0 * std::sqrt(variance / count));
  CHECK(std::abs(variance - variance_particles) < 4.0 * variance * std::sqrt(2.0 / count));
  // And the noise matters: without it the variance is another by far more than that.
  CHECK(std::abs(covariance(flowed(discrepancy, 12))(0, 0) - variance) > 0.2 * variance);
}

TEST_CASE("noise: on a periodic axis it wraps") {
  const std::string ring =
      "[grid]\ncells = 64\nlower = 0\nupper = 4\nboundary = periodic\n[potential]\ntype = expression\n"
      "V = -cos(pi*(x - SHIFT)/2)\n[initial]\ntype = expression\nrho = exp(cos(pi*(x - SHIFT - 1)/2))\n"
      "[energy]\ntype = none\nmmd = gaussian\nwidth = 0.5\n[scheme]\nname = forward\ngamma = 0.1\nsteps = 1\nnoise = "
      "0.4\n";
  const auto shifted = [&](const std::string& shift) {
    std::string text = ring;
    for (auto at = text.find("SHIFT"); at != std::string::npos; at = text.find("SHIFT")) text.replace(at, 5, shift);
    return flowed(text, 3);
  };
  const Field here = shifted("0"), there = shifted("2");
  for (Index i = 0; i < 64; ++i) CHECK(std::abs(here.values[i] - there.values[(i + 32) % 64]) < 1e-12);
}

TEST_CASE("noise: it is refused by name where there is none") {
  CHECK(complaint(discrepancy + "noise = 0.5\n") == "no error");
  CHECK(complaint(discrepancy + "noise = -1\n").find("scheme.noise = -1") == 0);
  CHECK(complaint(discrepancy + "noise = 1\nnoise-decay = -1\n").find("scheme.noise-decay = -1") == 0);
  CHECK(complaint(discrepancy + "noise = 1\nnoise-nodes = 65\n").find("scheme.noise-nodes = 65") == 0);
  CHECK(complaint(discrepancy + "noise = 30\n").find("scheme.noise = 30") == 0);
  CHECK(complaint(discrepancy + "noise-decay = 0.5\n").find("scheme.noise-decay = 0.5") == 0);
  const std::string line =
      "[grid]\ncells = 32\nlower = -5\nupper = 5\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\n";
  const std::string steps = "[scheme]\ngamma = 0.1\nsteps = 1\nnoise = 0.5\nname = ";
  CHECK(complaint(line + steps + "forward\n").find("scheme.noise = 0.5") == 0);
  CHECK(complaint(line + "[energy]\nmmd = gaussian\n" + steps + "forward\n").find("energy.type = entropy") == 0);
  CHECK(complaint(line + "[energy]\ntype = none\ninteraction = quadratic\n" + steps + "forward\n")
            .find("scheme.noise = 0.5") == 0);
  for (const std::string name : {"forward-backward", "backward", "svgd", "strang", "forward-flow"}) {
    CHECK(complaint(line + steps + name + "\n").find("scheme.noise is not used by scheme.name = " + name) == 0);
  }
}
