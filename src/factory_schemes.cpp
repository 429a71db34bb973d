#include <cmath>

#include "case_plan.hpp"
#include "factory_noise.hpp"
#include "factory_tables.hpp"
#include "text.hpp"
#include "wpg/energies/entropy.hpp"
#include "wpg/energies/potential_energy.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/schemes/descent_velocity.hpp"
#include "wpg/schemes/drift_flow.hpp"
#include "wpg/schemes/explicit_stage.hpp"
#include "wpg/schemes/heat_stage.hpp"
#include "wpg/schemes/jko_stage.hpp"
#include "wpg/schemes/pushforward_stage.hpp"
#include "wpg/schemes/stein_velocity.hpp"

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

/// The proximal step of the entropy, or of the entropy and a potential.
std::unique_ptr<Stage> make_jko_stage(const Config& config, const Grid& grid, double gamma,
                                      const Potential* potential = nullptr) {
  auto solver = std::make_unique<EntropicJko>(
      grid, EntropicOptions{gamma, checked_epsilon(config, grid, gamma), config.flag("jko.compensate"),
                            config.positive("jko.tolerance"), static_cast<int>(config.integer("jko.max-iterations", 1)),
                            potential, kernel_factory(config.text("jko.kernel"))});
  const std::size_t memory = solver->memory();
  return std::make_unique<JkoStage>(grid, std::move(solver), memory);
}

Substeps substeps(const Config& config) {
  const std::string word = config.text("scheme.substeps");
  if (word == "auto") return Substeps::automatic;
  if (word == "refuse") return Substeps::refuse;
  config.reject("scheme.substeps", "auto or refuse");
}

/// The explicit step of all terms of the energy but the entropy, which the backward step takes. The theory lets it
/// compress up to gamma L = 1; dividing it would bias the scheme, so it goes nearly as far in one part.
std::unique_ptr<Stage> make_forward_part(const Config& config, const Problem& problem, double gamma) {
  if (config.text("energy.type") != "entropy") {
    config.reject("energy.type", "entropy for scheme.name = forward-backward; forward takes none");
  }
  const std::vector<std::shared_ptr<const Energy>> rest(problem.energies.begin() + 1, problem.energies.end());
  return std::make_unique<ExplicitStage>(problem.grid, gamma, std::make_unique<DescentVelocity>(problem.grid, rest),
                                         substeps(config), std::nullopt, 0.1);
}

Scheme make_forward_backward(const Config& config, const Problem& problem) {
  const double gamma =
      problem.energies.empty() ? checked_gamma(config, problem.curvature) : config.positive("scheme.gamma");
  Scheme scheme{"forward-backward", gamma, {}};
  if (!problem.energies.empty()) {
    scheme.stages.push_back(make_forward_part(config, problem, gamma));
  } else if (config.given("scheme.substeps")) {
    config.reject("scheme.substeps", "left out where the forward step is that of V alone");
  } else if (problem.potential) {
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

/// The terms of the problem's free energy.
std::vector<std::shared_ptr<const Energy>> energies_of(const Problem& problem) {
  if (!problem.energies.empty()) return problem.energies;
  std::vector<std::shared_ptr<const Energy>> energies{std::make_shared<const Entropy>()};
  if (problem.potential) {
    energies.push_back(std::make_shared<const PotentialEnergy>(problem.grid, *problem.potential));
  }
  return energies;
}

Scheme make_forward(const Config& config, const Problem& problem) {
  const double gamma = config.positive("scheme.gamma");
  Scheme scheme{"forward", gamma, {}};
  if (has_noise(config)) {
    scheme.stages.push_back(make_noisy_stage(config, problem, gamma, substeps(config)));
    return scheme;
  }
  scheme.stages.push_back(std::make_unique<ExplicitStage>(
      problem.grid, gamma, std::make_unique<DescentVelocity>(problem.grid, energies_of(problem)), substeps(config)));
  return scheme;
}

double stein_bandwidth(const Config& config, const Problem& problem) {
  const std::string word = config.text("scheme.bandwidth");
  if (word == "median") return median_distance(*problem.target) / std::sqrt(2.0);
  if (word.find_first_of("0123456789") == std::string::npos) {
    config.reject("scheme.bandwidth", "median or a positive number");
  }
  return config.positive("scheme.bandwidth");
}

}  // namespace

RadialKernel make_stein_kernel(const Config& config, const Problem& problem) {
  const double width = stein_bandwidth(config, problem);
  const std::string name = config.text("scheme.kernel");
  if (name == "gaussian") return gaussian_kernel(width);
  if (name == "inverse-multiquadric") return inverse_multiquadric_kernel(width);
  config.reject("scheme.kernel", "gaussian or inverse-multiquadric");
}

namespace {

Scheme make_svgd(const Config& config, const Problem& problem) {
  const double gamma = config.positive("scheme.gamma");
  if (!problem.potential) config.reject("potential.type", "a potential for scheme.name = svgd");
  Scheme scheme{"svgd", gamma, {}};
  auto velocity = std::make_unique<SteinVelocity>(problem.grid, *problem.potential, make_stein_kernel(config, problem));
  scheme.stages.push_back(std::make_unique<ExplicitStage>(problem.grid, gamma, std::move(velocity), substeps(config)));
  return scheme;
}

Scheme make_backward(const Config& config, const Problem& problem) {
  const double gamma = config.positive("scheme.gamma");
  Scheme scheme{"backward", gamma, {}};
  scheme.stages.push_back(make_jko_stage(config, problem.grid, gamma, problem.potential.get()));
  return scheme;
}

}  // namespace

const std::vector<SchemeRow>& scheme_rows() {
  static const std::vector<SchemeRow> rows = {
      {"forward-backward",
       "proximal gradient: pushforward by I - gamma grad V, JKO step of the entropy",
       {"substeps"},
       make_forward_backward,
       true},
      {"forward-flow",
       "unadjusted Langevin: pushforward by I - gamma grad V, heat flow; biased",
       {},
       make_forward_flow},
      {"strang", "second order: half the heat flow, drift flow x' = -grad V, half the heat flow", {}, make_strang},
      {"forward",
       "explicit descent: pushforward by I - gamma grad of the first variation",
       {"substeps", "noise", "noise-decay", "noise-nodes"},
       make_forward,
       true},
      {"backward", "JKO step of entropy and potential together: no limit on gamma from L", {}, make_backward},
      {"svgd",
       "mean-field Stein variational gradient descent, by explicit steps",
       {"substeps", "kernel", "bandwidth"},
       make_svgd},
  };
  return rows;
}

}  // namespace wpg
