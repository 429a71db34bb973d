#pragma once
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "wpg/recorder.hpp"

namespace wpg {

/// Everything a run needs, planned and checked; nothing is written yet.
struct RunPlan {
  Problem problem;
  Scheme scheme;
  std::vector<Diagnostic> diagnostics;
  Index steps = 0;
  Schedule snapshots;
  bool stop_on_failure = true;  ///< whether a JKO step short of its tolerance ends the run with a ConvergenceError
};

/// Receives what a run produces: a snapshot and a row of diagnostics at a time later than all before.
class RunOutput {
 public:
  virtual ~RunOutput() = default;
  virtual void write_snapshot(double time, const Field& rho) = 0;
  virtual void append_diagnostics(double time, std::span<const double> row) = 0;
};

/// Asked between steps.
struct RunHooks {
  std::function<bool()> stop = [] { return false; };  ///< whether to end the run after this step
  /// Told of every completed step, with its row of diagnostics.
  std::function<void(const StepView&, std::span<const double>)> progress = [](const StepView&,
                                                                              std::span<const double>) {};
};

/// Total and range of a count over the steps of a run.
struct Tally {
  double total = 0.0;
  double least = std::numeric_limits<double>::infinity();
  double most = 0.0;
  void add(double value);
};

/// What the steps' reports add up to.
struct RunTotals {
  Tally iterations, kernel_applications;
  Tally substeps;  ///< of explicit steps
  double largest_l1_bound = 0.0;
  double largest_gap = 0.0;
  double largest_mass_defect = 0.0;  ///< in absolute value
  Index unconverged = 0;             ///< JKO steps that stopped short of their tolerance
  double clamped_mass = 0.0;         ///< sum of the steps' fractions
  double limited_mass = 0.0;
  double epsilon = 0.0;              ///< of the last step
  std::vector<std::string> kernels;  ///< all back-ends that served
  void add(const StepReport& report);
};

/// Wall time in seconds of one part of a run: "plan", a stage, "diagnostics", "output".
using PhaseTime = std::pair<std::string, double>;

/// The state a run ended in.
struct RunResult {
  explicit RunResult(Field initial) : rho(std::move(initial)) {}

  Field rho;
  Index steps = 0;      ///< completed
  Index snapshots = 0;  ///< written
  double time = 0.0;
  bool stopped = false;                     ///< ended before its last step because a hook said so
  std::vector<double> first_row, last_row;  ///< of the diagnostics
  double mass_drift = 0.0;                  ///< largest |mass - initial mass| / initial mass of all steps
  RunTotals totals;
  std::vector<PhaseTime> phases;
};

/// Runs all steps from the problem's initial density. Step 0 is recorded too. A ConvergenceError of a step is passed
/// on with the step's number; everything recorded before it stays with `output`. Nothing is written when the first step
/// ends in any other error. Throws std::runtime_error when a step
/// leaves a density that is not finite.
RunResult run(RunPlan& plan, RunOutput& output, const RunHooks& hooks = {});
/// The same, with the result filled as the run goes: when it ends in an error, `result` holds what was
/// completed, but rho may be half a step further.
void run(RunPlan& plan, RunOutput& output, const RunHooks& hooks, RunResult& result);

/// Position in a row of the first number of a diagnostic; -1 if there is none of that name.
Index row_position(const RunPlan& plan, const std::string& diagnostic);

/// Bytes of working memory that a run needs: densities, target, standard diagnostics and stages.
std::size_t memory_estimate(const RunPlan& plan);

}  // namespace wpg
