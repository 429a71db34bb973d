#include "factory_stages.hpp"

#include "case_plan.hpp"
#include "text.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/kernels/either_fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/schemes/heat_stage.hpp"
#include "wpg/schemes/jko_stage.hpp"

namespace wpg {
namespace {

/// The Gibbs kernels that a case can name.
KernelFactory kernel_factory(const std::string& name) {
  if (name == "fft") {
    return [](const Grid& grid, double epsilon) { return std::make_unique<EitherFftKernel>(grid, epsilon); };
  }
  if (name == "truncated") {
    return [](const Grid& grid, double epsilon) { return std::make_unique<TruncatedKernel>(grid, epsilon); };
  }
  return [](const Grid& grid, double epsilon) { return std::make_unique<AutoKernel>(grid, epsilon); };
}

}  // namespace

std::unique_ptr<Stage> make_jko_stage(const Config& config, const Grid& grid, double gamma, const Potential* V,
                                      const Nonsmooth* F) {
  auto solver = std::make_unique<EntropicJko>(
      grid, EntropicOptions{gamma, checked_epsilon(config, grid, gamma), config.flag("jko.compensate"),
                            config.positive("jko.tolerance"), static_cast<int>(config.integer("jko.max-iterations", 1)),
                            V, kernel_factory(config.text("jko.kernel")), F});
  const std::size_t memory = solver->memory();
  return std::make_unique<JkoStage>(grid, std::move(solver), memory);
}

std::unique_ptr<Stage> make_heat_stage(const Config& config, const Grid& grid, double share) {
  const double gamma = config.positive("scheme.gamma");
  const double h = grid.largest_spacing();
  const double least = 0.7 * h * h / share;
  if (gamma >= least) return std::make_unique<HeatStage>(grid, share * gamma);
  config.reject("scheme.gamma", "at least " + shortest(least) + " on this grid, whose largest spacing is " +
                                    shortest(h) + " (the heat flow of a step needs a variance of 0.7 h^2), or the " +
                                    "grid finer");
}

Substeps substeps(const Config& config) {
  const std::string word = config.text("scheme.substeps");
  if (word == "auto") return Substeps::automatic;
  if (word == "refuse") return Substeps::refuse;
  config.reject("scheme.substeps", "auto or refuse");
}

}  // namespace wpg
