#include "case_reference.hpp"

#include <algorithm>

#include "wpg/config.hpp"

namespace wpg {

void add_reference(const Config& config, const DiagnosticOptions& options, CasePlan& plan) {
  const bool wanted = config.flag("reference.fokker-planck");
  const std::string gaussian = config.text("reference.gaussian");
  if (gaussian != "auto" && gaussian != "false") config.reject("reference.gaussian", "auto or false");
  const auto substeps = static_cast<double>(config.integer("reference.substeps", 1));
  if (!wanted) return;
  const Problem& problem = plan.run.problem;
  if (!problem.energies.empty()) {
    config.reject("reference.fokker-planck",
                  "false with an [energy]: the equation is the flow of entropy and potential");
  }
  if (problem.nonsmooth) config.reject("reference.fokker-planck", "false with a [nonsmooth] potential");
  if (gaussian == "auto" && OrnsteinUhlenbeckSolution::serves(problem)) {
    plan.reference = std::make_shared<OrnsteinUhlenbeckSolution>(problem);
  } else {
    plan.reference = std::make_shared<FokkerPlanckSolution>(problem, plan.run.scheme.time_step / substeps);
  }
  std::vector<Diagnostic> diagnostics = reference_diagnostics(plan.reference, problem.grid, options);
  std::move(diagnostics.begin(), diagnostics.end(), std::back_inserter(plan.run.diagnostics));
}

}  // namespace wpg
