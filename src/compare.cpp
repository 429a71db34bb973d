#include "wpg/compare.hpp"

#include <algorithm>
#include <limits>

#include "case_plan.hpp"
#include "compare_cases.hpp"
#include "compare_measures.hpp"
#include "compare_points.hpp"
#include "compare_runs.hpp"
#include "file_output.hpp"
#include "summary.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"

namespace wpg {
namespace {

std::string file_of(const CompareRequest& request, const std::string& name, const std::string& scheme) {
  return request.files + "-" + name + "-" + scheme + ".h5";
}

/// The name of a case, numbered where one of its files would be that of another run.
std::string free_name(const CompareRequest& request, const Config& config, const std::vector<std::string>& schemes,
                      const std::vector<ComparedRun>& runs) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(runs.begin(), runs.end(), [&](const ComparedRun& run) {
      return run.name == name || std::any_of(schemes.begin(), schemes.end(), [&](const std::string& scheme) {
               return run.file == file_of(request, name, scheme);
             });
    });
  };
  std::string name = config.name();
  for (int k = 2; taken(name); ++k) name = config.name() + "-" + std::to_string(k);
  return name;
}

/// All runs, with names that tell them apart.
void list_runs(const CompareRequest& request, const Cases& cases, Comparison& comparison) {
  for (const Config& config : cases.configs) {
    const std::vector<std::string> own = {config.text("scheme.name")};
    const std::vector<std::string>& schemes = request.schemes.empty() ? own : request.schemes;
    const std::string name = free_name(request, config, schemes, comparison.runs);
    for (const std::string& scheme : schemes) {
      ComparedRun run;
      run.name = name;
      run.scheme = scheme;
      run.file = file_of(request, name, scheme);
      run.gamma = config.positive("scheme.gamma");
      run.planned = config.integer("scheme.steps", 1);
      comparison.runs.push_back(std::move(run));
    }
  }
}

/// Refuses the runs whose scheme does not take the case.
void try_schemes(const CompareRequest& request, const Cases& cases, Comparison& comparison) {
  const std::size_t per_case = comparison.runs.size() / cases.configs.size();
  for (std::size_t k = 0; k < comparison.runs.size(); ++k) {
    try {
      make_scheme(config_of(request, comparison, k), cases.problems[k / per_case]);
    } catch (const UsageError& error) {
      comparison.runs[k].outcome = Outcome::refused;
      comparison.runs[k].reason = error.what();
    }
  }
  const auto refused = [](const ComparedRun& run) { return run.outcome == Outcome::refused; };
  if (std::all_of(comparison.runs.begin(), comparison.runs.end(), refused)) {
    throw UsageError(comparison.runs.front().reason);
  }
}

void choose_points(Comparison& comparison) {
  std::vector<Pace> paces;
  Index shortest_run = std::numeric_limits<Index>::max();
  for (const ComparedRun& run : comparison.runs) {
    if (run.outcome != Outcome::planned) continue;
    paces.push_back({run.gamma, run.planned});
    shortest_run = std::min(shortest_run, run.planned);
  }
  comparison.steps = geometric_counts(shortest_run);
  comparison.times = common_times(paces);
  comparison.one_gamma =
      std::all_of(paces.begin(), paces.end(), [&](const Pace& pace) { return pace.gamma == paces.front().gamma; });
}

/// What only a plan knows: memory, epsilon and what is measured.
void plan_runs(const CompareRequest& request, Comparison& comparison) {
  Measured measured;
  for (std::size_t k = 0; k < comparison.runs.size(); ++k) {
    ComparedRun& run = comparison.runs[k];
    if (run.outcome != Outcome::planned) continue;
    const Config config = config_of(request, comparison, k);
    const CasePlan plan = plan_case(config);
    refuse_existing(run.file, config);
    run.epsilon = plan.epsilon;
    run.memory = planned_memory(plan);
    measured.add(plan);
  }
  comparison.w2 = measured.w2();
  comparison.quantities = measured.quantities();
}

}  // namespace

Comparison plan_comparison(const CompareRequest& request) {
  const Cases cases = load_cases(request);
  const Config& config = cases.configs.front();
  const Problem& problem = cases.problems.front();
  Comparison comparison;
  comparison.grid = grid_text(problem.grid);
  comparison.potential = config.text("potential.type");
  comparison.initial = config.text("initial.type");
  list_runs(request, cases, comparison);
  try_schemes(request, cases, comparison);
  comparison.sinkhorn = needs_sinkhorn(cases, comparison);
  choose_points(comparison);
  plan_runs(request, comparison);
  return comparison;
}

}  // namespace wpg
