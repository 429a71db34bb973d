#include "case_particles.hpp"

#include <iterator>

#include "factory_tables.hpp"

namespace wpg {
namespace {

/// Which particles accompany a scheme.
struct ParticleRow {
  std::string scheme;
  std::function<std::unique_ptr<ParticleCompanion>(const Config&, const RunPlan&, Index, std::uint64_t)> make;
};

const std::vector<ParticleRow>& particle_rows() {
  static const std::vector<ParticleRow> rows = {
      {"forward-backward",
       [](const Config&, const RunPlan& plan, Index number, std::uint64_t seed) {
         return proximal_companion(plan.problem, plan.scheme.time_step, number, seed);
       }},
      {"forward-flow",
       [](const Config&, const RunPlan& plan, Index number, std::uint64_t seed) {
         return langevin_companion(plan.problem, plan.scheme.time_step, number, seed);
       }},
      {"svgd",
       [](const Config& config, const RunPlan& plan, Index number, std::uint64_t seed) {
         return stein_companion(plan.problem, make_stein_kernel(config, plan.problem), plan.scheme.time_step, number,
                                seed);
       }},
  };
  return rows;
}

std::unique_ptr<ParticleCompanion> make_companion(const Config& config, const RunPlan& plan, Index number) {
  const auto seed = static_cast<std::uint64_t>(config.integer("run.seed"));
  for (const ParticleRow& row : particle_rows()) {
    if (row.scheme != plan.scheme.name) continue;
    try {
      return row.make(config, plan, number, seed);
    } catch (const InvalidValue& error) {
      if (error.parameter == "number") config.reject("particles.number", error.admissible);
      throw UsageError(put_into_words(config, "scheme.name", error));
    }
  }
  config.reject("particles.number", "0 for scheme.name = " + plan.scheme.name +
                                        "; forward-flow, svgd and (between Gaussians) forward-backward have particles");
}

}  // namespace

void add_particles(const Config& config, CasePlan& plan) {
  constexpr Index most = 100'000'000;
  const Index number = config.integer("particles.number");
  if (number > most) config.reject("particles.number", "a whole number from 0 to " + std::to_string(most));
  if (number == 0) return;
  plan.particles = std::make_shared<ParticleRecord>(make_companion(config, plan.run, number));
  plan.seed = config.integer("run.seed");
  std::vector<Diagnostic> diagnostics = particle_diagnostics(plan.particles, plan.run.problem.grid);
  std::move(diagnostics.begin(), diagnostics.end(), std::back_inserter(plan.run.diagnostics));
}

void announce_particles(const CasePlan& plan, RunHeader& header) {
  const ParticleCompanion& particles = plan.particles->companion();
  header.fields.push_back({"histogram", "share of the particles in each cell, over its volume"});
  header.particles = {particles.points().rows(), particles.description(), plan.run.scheme.name, plan.seed};
}

}  // namespace wpg
