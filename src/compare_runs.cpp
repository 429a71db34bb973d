#include "compare_runs.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "case_plan.hpp"
#include "file_output.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/kernel.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Keys of section [scheme] that the scheme of a run does not read and another scheme of its case does.
std::vector<std::string> keys_of_others(const CompareRequest& request, const LoadCase& load, const Config& config) {
  std::vector<std::string> drop = unused_scheme_keys(config), unread = drop;
  for (const std::string& scheme : request.schemes) {
    const std::vector<std::string> unused = unused_scheme_keys(load({{"scheme.name", scheme}}));
    std::erase_if(unread,
                  [&](const std::string& key) { return std::find(unused.begin(), unused.end(), key) == unused.end(); });
  }
  std::erase_if(drop,
                [&](const std::string& key) { return std::find(unread.begin(), unread.end(), key) != unread.end(); });
  return drop;
}

/// Keeps the states at which a run is compared, and the last one.
class Keeper {
 public:
  Keeper(const Comparison& comparison, ComparedRun& run, const RunPlan& plan)
      : run_(run), steps_(compared_steps(comparison, run)), covariance_(row_position(plan, "covariance")) {
    for (const std::string& quantity : comparison.quantities) positions_.push_back(row_position(plan, quantity));
    if (plan.problem.target) target_ = covariance_of_target(plan.problem);
  }

  void operator()(const StepView& view, std::span<const double> row) {
    ComparedState state{view.step, view.time, {}};
    for (const Index position : positions_) state.values.push_back(row[static_cast<std::size_t>(position)]);
    const bool replace = !run_.states.empty() && !wanted(run_.states.back().step);
    if (replace) run_.states.pop_back();
    run_.states.push_back(std::move(state));
    if (target_.size() == 0) return;
    const Eigen::Map<const Eigen::MatrixXd> covariance(row.data() + covariance_, target_.rows(), target_.cols());
    run_.covariance_error = (covariance - target_).norm() / target_.norm();
  }

 private:
  static Tensor covariance_of_target(const Problem& problem) {
    return problem.gaussian_target ? problem.gaussian_target->covariance : covariance(*problem.target);
  }
  bool wanted(Index step) const { return std::binary_search(steps_.begin(), steps_.end(), step); }

  ComparedRun& run_;
  std::vector<Index> steps_, positions_;
  Index covariance_;
  Tensor target_;
};

/// Total of the stages; the phases after them are diagnostics and output.
double stage_seconds(const RunResult& result) {
  double total = 0.0;
  for (auto it = result.phases.begin(); it != result.phases.end() - 2; ++it) total += it->second;
  return total;
}

void take_result(ComparedRun& run, const RunPlan& plan, const RunResult& result) {
  run.steps = result.steps;
  run.unconverged = result.totals.unconverged;
  if (result.steps == 0) return;
  run.seconds_per_step = stage_seconds(result) / static_cast<double>(result.steps);
  add_closed_forms(run, plan, result);
}

void refuse(ComparedRun& run, const std::string& reason) {
  run.outcome = Outcome::refused;
  run.reason = reason;
}

/// Makes one run; false when a hook ended the comparison.
bool make_run(const Config& config, const Comparison& comparison, ComparedRun& run, const Watch& watch) {
  CasePlan plan = plan_case(config, compared_steps(comparison, run));
  RunHooks hooks = watch(run, plan.run);
  if (hooks.stop()) return false;
  Keeper keep(comparison, run, plan.run);
  hooks.progress = [&, shown = hooks.progress](const StepView& view, std::span<const double> row) {
    keep(view, row);
    shown(view, row);
  };
  RunResult result(plan.run.problem.initial);
  try {
    run_to_file(plan, config, hooks, result);
    run.outcome = result.stopped ? Outcome::stopped : Outcome::done;
  } catch (const ConvergenceError& error) {
    run.outcome = Outcome::not_solved;
    run.reason = error.what();
  } catch (const UsageError& error) {
    refuse(run, error.what());
  } catch (const InvalidValue& error) {
    refuse(run, error.what());
  } catch (const KernelRangeError& error) {
    refuse(run, std::string("jko.kernel does not serve this case: ") + error.what());
  }
  take_result(run, plan.run, result);
  return run.outcome != Outcome::stopped;
}

}  // namespace

Config config_of(const CompareRequest& request, const Comparison& comparison, std::size_t k) {
  const ComparedRun& run = comparison.runs[k];
  const LoadCase& load = request.cases[k / (comparison.runs.size() / request.cases.size())];
  Overrides overrides = {{"scheme.name", run.scheme}, {"output.file", run.file}};
  if (comparison.sinkhorn) {
    overrides.emplace_back("diagnostics.w2", "sinkhorn");
    if (!load({}).given("diagnostics.w2-every")) overrides.emplace_back("diagnostics.w2-every", "0");
  }
  const Config config = load(overrides);
  return config.without(keys_of_others(request, load, config));
}

std::vector<Index> compared_steps(const Comparison& comparison, const ComparedRun& run) {
  std::set<Index> steps(comparison.steps.begin(), comparison.steps.end());
  steps.insert({0, run.planned});
  for (const double time : comparison.times) steps.insert(run.step_at(time));
  return {steps.begin(), steps.end()};
}

void carry_out(const CompareRequest& request, Comparison& comparison, const Watch& watch) {
  for (std::size_t k = 0; k < comparison.runs.size(); ++k) {
    ComparedRun& run = comparison.runs[k];
    if (run.outcome == Outcome::planned && !make_run(config_of(request, comparison, k), comparison, run, watch)) return;
  }
}

}  // namespace wpg
