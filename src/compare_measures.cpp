#include "compare_measures.hpp"

#include <algorithm>

namespace wpg {
namespace {

/// Empty where a run does not measure W2.
std::string measure_of(const RunPlan& plan) {
  for (const Diagnostic& diagnostic : plan.diagnostics) {
    if (diagnostic.name == "w2_squared") return diagnostic.description;
  }
  return "";
}

}  // namespace

bool needs_sinkhorn(const Cases& cases, const Comparison& comparison) {
  const Config& config = cases.configs.front();
  const Problem& problem = cases.problems.front();
  if (config.given("diagnostics.w2")) return config.text("diagnostics.w2") == "sinkhorn";
  if (!problem.target) return false;
  if (problem.grid.dimension() == 1 && problem.grid.axis(0).boundary != Boundary::periodic) return false;
  const auto gaussian = [](const Problem& p) { return p.gaussian_initial && p.gaussian_target && p.energies.empty(); };
  const auto mixes = [](const ComparedRun& run) { return run.scheme == "svgd" && run.outcome == Outcome::planned; };
  return !std::all_of(cases.problems.begin(), cases.problems.end(), gaussian) ||
         std::any_of(comparison.runs.begin(), comparison.runs.end(), mixes);
}

void Measured::add(const CasePlan& plan) {
  w2_.insert(measure_of(plan.run));
  std::vector<std::string> names = {plan.run.problem.target ? "kl" : "energy"};
  for (const char* name : {"l1_reference", "w2_reference"}) {
    if (row_position(plan.run, name) >= 0) names.emplace_back(name);
  }
  names.insert(names.end(), plan.observables.begin(), plan.observables.end());
  if (!shared_) shared_ = names;
  std::erase_if(*shared_,
                [&](const std::string& name) { return std::find(names.begin(), names.end(), name) == names.end(); });
}

std::string Measured::w2() const { return w2_.size() == 1 ? *w2_.begin() : ""; }

std::vector<std::string> Measured::quantities() const {
  std::vector<std::string> names = shared_.value_or(std::vector<std::string>{});
  if (!w2().empty()) names.insert(names.begin() + 1, "w2_squared");
  return names;
}

}  // namespace wpg
