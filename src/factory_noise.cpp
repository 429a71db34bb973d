#include "factory_noise.hpp"

#include "factory_tables.hpp"
#include "wpg/schemes/descent_velocity.hpp"

namespace wpg {

bool has_noise(const Config& config) {
  const double strength = config.number("scheme.noise");
  if (!(strength >= 0.0)) config.reject("scheme.noise", "at least 0");
  if (strength == 0.0) {
    for (const char* key : {"scheme.noise-decay", "scheme.noise-nodes"}) {
      if (config.given(key) && !config.given("scheme.noise")) config.reject(key, "left out where scheme.noise is");
    }
    return false;
  }
  if (config.text("energy.mmd") == "none" && config.text("energy.network") == "none") {
    config.reject("scheme.noise", "0 where neither energy.mmd nor energy.network is chosen");
  }
  if (config.text("energy.type") != "none") config.reject("energy.type", "none where scheme.noise is not 0");
  return true;
}

std::unique_ptr<Stage> make_noisy_stage(const Config& config, const Problem& problem, double gamma, Substeps substeps) {
  Noise noise(problem.grid, config.positive("scheme.noise"), config.number("scheme.noise-decay"),
              static_cast<int>(config.integer("scheme.noise-nodes", 1)));
  Problem wide{noise.wide_grid(), problem.potential, {}, Field(noise.wide_grid()), {}, {}, {}};
  if (problem.target) {
    wide.target.emplace(wide.grid);
    noise.embed(*problem.target, *wide.target);
  }
  auto velocity = std::make_unique<DescentVelocity>(wide.grid, make_energies(config, wide), true);
  return std::make_unique<ExplicitStage>(problem.grid, gamma, std::move(velocity), substeps, std::move(noise));
}

}  // namespace wpg
