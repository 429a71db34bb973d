#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "case_steps.hpp"
#include "oracles.hpp"
#include "wpg/reduce.hpp"

// Steady states in closed form of interaction energies with singular kernels, which the kernel's core c rounds off. In
// a steady state the first variation is constant on each piece of the support.

using namespace wpg;
using test::Case;

namespace {

/// V = x^2/2 times `precision` and the kernel `interaction`, without entropy, by explicit descent.
std::string confined(Index cells, const std::string& interaction, double precision) {
  return "[grid]\ncells = " + std::to_string(cells) +
         "\nlower = -2\nupper = 2\n[potential]\ntype = quadratic\nprecision = " + std::to_string(precision) +
         "\n[initial]\ntype = gaussian\nmean = 0.2\ncovariance = 0.1\n[scheme]\nname = forward\ngamma = 0.05\nsteps = "
         "1\n[energy]\ntype = none\n" +
         interaction;
}

/// W1 on a line: the integral of the distance between distribution functions, at the faces.
double w1(const Field& rho, const std::function<double(double)>& below) {
  const Axis& axis = rho.grid.axis(0);
  double sum = 0.0, mass = 0.0;
  for (Index i = 0; i < axis.cells; ++i) {
    mass += rho.values[i] * axis.spacing();
    sum += std::abs(mass - below(axis.face(i + 1))) * axis.spacing();
  }
  return sum;
}

double semicircle(double x) {
  const double u = std::clamp(x, -1.0, 1.0);
  return 0.5 + (u * std::sqrt(1.0 - u * u) + std::asin(u)) / std::numbers::pi;
}

std::string with_core(double core) { return "core = " + std::to_string(core) + "\n"; }

const std::string repulsion = "interaction = logarithmic\nstrength = -1\n";

}  // namespace

TEST_CASE(
    "steady states: logarithmic repulsion in a parabola ends at Wigner's semicircle, to first order in the core") {
  // W = -log|x|, V = x^2: the Hilbert transform of the semicircle of radius 1 is 2 x.
  const auto error = [](Index cells, double core) {
    Case run(confined(cells, repulsion + with_core(core), 2.0));
    const Field rho = run.after(100);
    CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
    CHECK(std::abs(mean(rho)[0]) < 1e-4);
    return w1(rho, semicircle);
  };
  // The Fourier transform of log(x^2 + c^2)/2 is that of log|x| times exp(-c|k|): the density enters smoothed by a
  // Cauchy law of width c.
  const double wide = error(160, 0.1), narrow = error(160, 0.05);
  CHECK(std::log2(wide / narrow) > 0.9);
  CHECK(std::log2(wide / narrow) < 1.1);
  // The grid itself errs much less: with the same core, twice the cells change a few percent.
  CHECK(error(80, 0.1) == doctest::Approx(wide).epsilon(0.05));
  // By default the core is the spacing.
  Case coarse(confined(80, repulsion, 2.0)), fine(confined(160, repulsion, 2.0));
  const double order = std::log2(w1(coarse.after(100), semicircle) / w1(fine.after(100), semicircle));
  CAPTURE(order);
  CHECK(order > 0.9);
  CHECK(order < 1.1);
}

TEST_CASE("steady states: Newtonian repulsion on a line in a parabola ends uniform on an interval") {
  // W = -|x|, V = x^2/2: x = 2 F(x) - 1.
  const auto error = [](Index cells, const std::string& core) {
    Case run(confined(cells, "interaction = power\nexponent = 1\nstrength = -1\n" + core, 1.0));
    return w1(run.after(240), [](double x) { return std::clamp(0.5 * (x + 1.0), 0.0, 1.0); });
  };
  // Only at the two ends does a core matter, where it blunts the edge: c in width and in height, so c^2 in W1. Where
  // the core is the spacing, the edge cells of the grid take part.
  const double order = std::log2(error(80, "") / error(160, ""));
  const double in_core = std::log2(error(160, with_core(0.2)) / error(160, with_core(0.1)));
  CAPTURE(order);
  CAPTURE(in_core);
  CHECK(order > 1.4);
  CHECK(order < 2.2);
  CHECK(in_core > 1.5);
  CHECK(in_core < 2.2);
  CHECK(error(160, "") < 1e-3);
}

TEST_CASE("steady states: logarithmic repulsion in the plane in a paraboloid ends uniform on a disc") {
  // W = -log|x|, V = |x|^2/2: Laplacian V = 2 = 2 pi rho, so rho = 1/pi on the unit disc, of variance 1/4 per axis.
  const auto error = [](Index cells) {
    Case run("[grid]\ncells = " + std::to_string(cells) + " " + std::to_string(cells) +
             "\nlower = -1.8\nupper = 1.8\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\ncovariance = "
             "0.15\n[scheme]\nname = forward\ngamma = 0.1\nsteps = 1\n[energy]\ntype = none\n" +
             repulsion);
    const Field rho = run.after(30);
    for (Index i = 0; i < rho.grid.size(); ++i) {
      if (rho.grid.center(i).norm() > 0.7) continue;
      CHECK(rho.values[i] * std::numbers::pi == doctest::Approx(1.0).epsilon(0.06));
    }
    return std::abs(covariance(rho).trace() - 0.5);
  };
  // The core is the spacing.
  const double coarse = error(32), fine = error(48);
  const double order = std::log(coarse / fine) / std::log(1.5);
  CAPTURE(order);
  CHECK(order > 1.2);
  CHECK(order < 2.0);
  CHECK(fine < 0.015);
}

TEST_CASE("steady states: Newtonian attraction against diffusion on a line ends at the logistic law") {
  // H with W = s|x|: rho' = -s (2 F - 1) rho, so F' = s F (1 - F), of variance pi^2/(3 s^2). Forward-backward.
  const auto run = [](Index cells, const std::string& core) {
    Case c("[grid]\ncells = " + std::to_string(cells) +
           "\nlower = -7\nupper = 7\n[potential]\ntype = none\n[initial]\ntype = gaussian\n[scheme]\ngamma = "
           "0.1\nsteps = 1\n[energy]\ninteraction = power\nexponent = 1\nstrength = 2\n" +
           core);
    return c.after(60);
  };
  const auto logistic = [](double x) { return 1.0 / (1.0 + std::exp(-2.0 * x)); };
  const double in_core = std::log2(w1(run(140, with_core(0.4)), logistic) / w1(run(140, with_core(0.2)), logistic));
  const double in_h = std::log2(w1(run(70, ""), logistic) / w1(run(140, ""), logistic));
  CAPTURE(in_core);
  CAPTURE(in_h);
  // The rounded kernel is |x| + O(c^2/|x|), whose integral near 0 is c^2 log c.
  CHECK(in_core > 1.4);
  CHECK(in_core < 2.1);
  CHECK(in_h > 1.4);
  CHECK(in_h < 2.2);
  CHECK(covariance(run(280, ""))(0, 0) == doctest::Approx(std::numbers::pi * std::numbers::pi / 12.0).epsilon(0.01));
}
