#include <cmath>

#include "case_plan.hpp"
#include "factory_noise.hpp"
#include "factory_stages.hpp"
#include "factory_tables.hpp"
#include "wpg/energies/entropy.hpp"
#include "wpg/energies/potential_energy.hpp"
#include "wpg/schemes/descent_velocity.hpp"
#include "wpg/schemes/drift_flow.hpp"
#include "wpg/schemes/pushforward_stage.hpp"
#include "wpg/schemes/stein_velocity.hpp"

namespace wpg {
namespace {

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
  scheme.stages.push_back(
      make_jko_stage(config, problem.grid, gamma, problem.potential.get(), problem.nonsmooth.get()));
  return scheme;
}

}  // namespace

const std::vector<SchemeRow>& scheme_rows() {
  static const std::vector<SchemeRow> rows = {
      {"forward-backward",
       "proximal gradient: pushforward by I - gamma grad V, JKO step of entropy and F",
       {"substeps"},
       make_forward_backward,
       true,
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
      {"backward",
       "JKO step of entropy and potentials together: no limit on gamma from L",
       {},
       make_backward,
       false,
       true},
      {"svgd",
       "mean-field Stein variational gradient descent, by explicit steps",
       {"substeps", "kernel", "bandwidth"},
       make_svgd},
  };
  return rows;
}

}  // namespace wpg
