#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "wpg/config.hpp"
#include "wpg/factory.hpp"
#include "wpg/wasserstein.hpp"

using namespace wpg;

TEST_CASE("the Sinkhorn divergence follows a density with steep tails from its last potentials") {
  const Config config =
      Config::load(std::string(WPG_SOURCE_DIR) + "/examples/oring-posterior", {{"grid.cells", "57 84"}});
  const Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  SinkhornOptions options;
  // Narrow: potentials in the tails are hundreds of epsilon.
  options.epsilon = 0.5 * problem.grid.largest_spacing() * problem.grid.largest_spacing();
  SinkhornDivergence warm(*problem.target, options);
  Field rho = problem.initial;
  for (int step = 0; step <= 8; ++step) {
    CAPTURE(step);
    const SinkhornReport report = warm(rho);
    CHECK(report.converged);
    // 34 to 70; hundreds where the acceleration is left to itself, and divergence on finer grids.
    CHECK(report.iterations < 100);
    const SinkhornReport cold = SinkhornDivergence(*problem.target, options)(rho);
    CHECK(std::abs(report.w2_squared - cold.w2_squared) <= report.error_bound + cold.error_bound);
    scheme.step(rho);
  }
}
