#include "case_plan.hpp"
#include "factory_tables.hpp"
#include "text.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/schemes/drift_flow.hpp"
#include "wpg/schemes/heat_stage.hpp"
#include "wpg/schemes/jko_stage.hpp"
#include "wpg/schemes/pushforward_stage.hpp"

namespace wpg {
namespace {

/// The Gibbs kernels that a case can name.
KernelFactory kernel_factory(const std::string& name) {
  if (name == "fft") return [](const Grid& grid, double epsilon) { return std::make_unique<FftKernel>(grid, epsilon); };
  if (name == "truncated") {
    return [](const Grid& grid, double epsilon) { return std::make_unique<TruncatedKernel>(grid, epsilon); };
  }
  return [](const Grid& grid, double epsilon) { return std::make_unique<AutoKernel>(grid, epsilon); };
}

std::unique_ptr<Stage> make_jko_stage(const Config& config, const Grid& grid, double gamma) {
  auto solver = std::make_unique<EntropicJko>(
      grid, EntropicOptions{gamma, checked_epsilon(config, grid, gamma), config.flag("jko.compensate"),
                            config.positive("jko.tolerance"), static_cast<int>(config.integer("jko.max-iterations", 1)),
                            nullptr, kernel_factory(config.text("jko.kernel"))});
  const std::size_t memory = solver->memory();
  return std::make_unique<JkoStage>(grid, std::move(solver), memory);
}

Scheme make_forward_backward(const Config& config, const Problem& problem) {
  const double gamma = checked_gamma(config, problem.curvature);
  Scheme scheme{"forward-backward", gamma, {}};
  if (problem.potential) {
    scheme.stages.push_back(std::make_unique<PushforwardStage>(problem.grid, *problem.potential, gamma));
  }
  scheme.stages.push_back(make_jko_stage(config, problem.grid, gamma));
  return scheme;
}

/// A heat flow of variance `share` gamma, refused where the sampled Gaussian is too narrow to be a quadrature (its
/// error is exp(-2 pi^2 variance/h^2) a step).
std::unique_ptr<Stage> make_heat_stage(const Config& config, const Grid& grid, double share) {
  const double gamma = config.positive("scheme.gamma");
  const double h = grid.largest_spacing();
  const double least = 0.7 * h * h / share;
  if (gamma >= least) return std::make_unique<HeatStage>(grid, share * gamma);
  config.reject("scheme.gamma", "at least " + shortest(least) + " on this grid, whose largest spacing is " +
                                    shortest(h) + " (the heat flow of a step needs a variance of 0.7 h^2), or the " +
                                    "grid finer");
}

Scheme make_forward_flow(const Config& config, const Problem& problem) {
  const double gamma = checked_gamma(config, problem.curvature);
  Scheme scheme{"forward-flow", gamma, {}};
  if (problem.potential) {
    scheme.stages.push_back(std::make_unique<PushforwardStage>(problem.grid, *problem.potential, gamma));
  }
  scheme.stages.push_back(make_heat_stage(config, problem.grid, 2.0));
  return scheme;
}

Scheme make_strang(const Config& config, const Problem& problem) {
  const double gamma = config.positive("scheme.gamma");
  Scheme scheme{"strang", gamma, {}};
  scheme.stages.push_back(make_heat_stage(config, problem.grid, 1.0));
  if (problem.potential) {
    scheme.stages.push_back(
        std::make_unique<PushforwardStage>(drift_pushforward(problem.grid, *problem.potential, gamma)));
  }
  scheme.stages.push_back(make_heat_stage(config, problem.grid, 1.0));
  return scheme;
}

}  // namespace

const std::vector<SchemeRow>& scheme_rows() {
  static const std::vector<SchemeRow> rows = {
      {"forward-backward",
       "Wasserstein proximal gradient: pushforward by I - gamma grad V, JKO step of the entropy",
       {},
       make_forward_backward},
      {"forward-flow",
       "law of unadjusted Langevin: pushforward by I - gamma grad V, heat flow of variance 2 gamma (biased)",
       {},
       make_forward_flow},
      {"strang",
       "Fokker-Planck to second order: half the heat flow, the drift flow x' = -grad V over gamma, half the heat flow",
       {},
       make_strang},
  };
  return rows;
}

}  // namespace wpg
