#include <doctest/doctest.h>

#include <cmath>

#include "wpg/energy.hpp"
#include "wpg/factory.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;

// The proximal gradient of a nonlocal energy plus the entropy: an explicit forward part, a JKO step of the entropy.

namespace {

struct End {
  Field rho;
  double first_energy, last_energy;
  double spread;  ///< rho-weighted deviation of first variation + log rho
};

double energy_of(const Problem& problem, const Field& rho) {
  double sum = 0.0;
  for (const auto& energy : problem.energies) sum += energy->value(rho);
  return sum;
}

/// Deviation under rho of the whole first variation, the entropy's log rho among it: 0 where rho is stationary.
double spread(const Problem& problem, const Field& rho) {
  Field variation(rho.grid);
  for (const auto& energy : problem.energies) energy->add_first_variation(rho, variation.values);
  const double centre = integral(variation, rho);
  Field square(rho.grid);
  square.values = (variation.values - centre).square();
  return std::sqrt(integral(square, rho));
}

/// Runs to stationarity; checks that the energy falls at every step and that mass stays.
End relaxed(const std::string& text, int steps) {
  const Config config = Config::parse(text, ".");
  const Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  End end{problem.initial, energy_of(problem, problem.initial), 0.0, 0.0};
  double last = end.first_energy;
  for (int n = 0; n < steps; ++n) {
    REQUIRE(scheme.step(end.rho).jko.converged);
    const double now = energy_of(problem, end.rho);
    // Near the end a step changes the energy by less than the tolerance of the JKO step does.
    CHECK(now < last + 1e-9);
    last = now;
  }
  end.last_energy = last;
  CHECK(std::abs(integral(end.rho) - 1.0) < 1e-12);
  end.spread = spread(problem, end.rho);
  return end;
}

std::string on_a_ring(const std::string& cells) {
  return "[grid]\ncells = " + cells +
         "\nlower = -3\nupper = 3\nboundary = periodic\n[potential]\ntype = expression\nV = -3*cos(pi*(x - 1)/3)\n"
         "[initial]\ntype = expression\nrho = exp(2*cos(pi*(x + 1)/3))\n[energy]\nmmd = gaussian\nwidth = 0.6\n"
         "strength = 8\n[scheme]\nname = forward-backward\ngamma = 0.04\nsteps = 1\nsubsteps = refuse\n";
}

std::string between_walls(const std::string& cells) {
  return "[grid]\ncells = " + cells +
         "\nlower = -2.5\nupper = 3.5\n[potential]\ntype = quadratic\nmean = 1\nprecision = 4\n"
         "[initial]\ntype = gaussian\nmean = -1\ncovariance = 0.2\n[energy]\nmmd = gaussian\nwidth = 1\nstrength = 8\n"
         "[scheme]\nname = forward-backward\ngamma = 0.05\nsteps = 1\nsubsteps = refuse\n";
}

}  // namespace

TEST_CASE("forward-backward of MMD^2/2 + H: falls step by step to where first variation + log rho is constant") {
  const End coarse = relaxed(on_a_ring("32"), 200);
  const End fine = relaxed(on_a_ring("64"), 200);
  CHECK(coarse.last_energy < coarse.first_energy - 0.5);
  // The bias of epsilon = h^2 is of order h^4.
  CHECK(fine.spread < 1e-3);
  CHECK(std::log2(coarse.spread / fine.spread) == doctest::Approx(4.0).epsilon(0.15));
}

TEST_CASE("forward-backward of MMD^2/2 + H: between walls that its stationary law leans on") {
  const End coarse = relaxed(between_walls("40"), 300);
  const End fine = relaxed(between_walls("80"), 300);
  CHECK(coarse.last_energy < coarse.first_energy - 1.0);
  // log rho has a slope at the walls, which the mirrored kernel of the JKO step smooths over a cell.
  CHECK(coarse.spread < 5e-3);
  CHECK(fine.spread < 0.25 * coarse.spread);
}

TEST_CASE("forward-backward of a network's loss + V + H: falls step by step to its stationary law") {
  const auto text = [](const std::string& cells, const std::string& gamma) {
    return "[grid]\ncells = " + cells +
           "\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\nprecision = 1\n"
           "[initial]\ntype = gaussian\nmean = -1\ncovariance = 0.3\n"
           "[energy]\nnetwork = tanh\nstrength = 4\n[network]\nmeans = 2\nrange = -2 2\nnodes = 12\n"
           "[scheme]\nname = forward-backward\ngamma = " +
           gamma + "\nsteps = 1\nsubsteps = refuse\n";
  };
  const End coarse = relaxed(text("60", "0.05"), 250);
  const End fine = relaxed(text("120", "0.05"), 250);
  // Beyond half the inverse of the compression the forward part is still one, and what is stationary is the same but
  // for the step's share in the bias.
  const End longer = relaxed(text("120", "0.1"), 150);
  CHECK(l1_distance(longer.rho, fine.rho) < 5e-4);
  CHECK(coarse.last_energy < coarse.first_energy - 0.5);
  CHECK(coarse.spread < 1e-2);
  CHECK(std::log2(coarse.spread / fine.spread) == doctest::Approx(4.0).epsilon(0.15));
}
