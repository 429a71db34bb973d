#include "case_plan.hpp"
#include "factory_stages.hpp"
#include "wpg/schemes/descent_velocity.hpp"
#include "wpg/schemes/prox_stage.hpp"
#include "wpg/schemes/pushforward_stage.hpp"

namespace wpg {
namespace {

/// Whether the energy has terms other than the entropy, V and F.
bool more_than_potentials(const Config& config) {
  return config.text("energy.interaction") != "none" || config.text("energy.mmd") != "none" ||
         config.text("energy.network") != "none";
}

/// The explicit step of all terms of the energy but those of the backward step, the entropy and F. The theory lets it
/// compress up to gamma L = 1; dividing it would bias the scheme, so it goes nearly as far in one part.
std::unique_ptr<Stage> make_explicit_part(const Config& config, const Problem& problem, double gamma, bool entropy) {
  const std::vector<std::shared_ptr<const Energy>> rest(problem.energies.begin() + (entropy ? 1 : 0),
                                                        problem.energies.end() - (problem.nonsmooth ? 1 : 0));
  return std::make_unique<ExplicitStage>(problem.grid, gamma, std::make_unique<DescentVelocity>(problem.grid, rest),
                                         substeps(config), std::nullopt, 0.1);
}

}  // namespace

Scheme make_forward_backward(const Config& config, const Problem& problem) {
  const bool entropy = config.text("energy.type") == "entropy";
  const bool more = more_than_potentials(config);
  if (!entropy && !problem.nonsmooth) {
    config.reject("energy.type",
                  "entropy for scheme.name = forward-backward without a [nonsmooth] potential; forward takes none");
  }
  if (!more && config.given("scheme.substeps")) {
    config.reject("scheme.substeps", "left out where the forward step is that of V alone");
  }
  const double gamma = more ? config.positive("scheme.gamma") : checked_gamma(config, problem.curvature);
  Scheme scheme{"forward-backward", gamma, {}};
  if (more) {
    scheme.stages.push_back(make_explicit_part(config, problem, gamma, entropy));
  } else if (problem.potential && entropy) {
    scheme.stages.push_back(std::make_unique<PushforwardStage>(problem.grid, *problem.potential, gamma));
  }
  if (entropy) {
    scheme.stages.push_back(make_jko_stage(config, problem.grid, gamma, nullptr, problem.nonsmooth.get()));
  } else {
    const Potential* const V = more ? nullptr : problem.potential.get();
    scheme.stages.push_back(std::make_unique<ProxStage>(problem.grid, V, *problem.nonsmooth, gamma));
  }
  return scheme;
}

}  // namespace wpg
