#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wpg/config.hpp"
#include "wpg/run.hpp"

namespace wpg {

/// What to compare: every case with every scheme.
struct CompareRequest {
  std::vector<LoadCase> cases;
  std::vector<std::string> schemes;      ///< in place of the cases' own; empty: those
  std::string files = "output/compare";  ///< result files are FILES-NAME-SCHEME.h5
};

/// A run at one of its steps; NaN where a quantity was not measured.
struct ComparedState {
  Index step = 0;
  double time = 0.0;
  std::vector<double> values;  ///< in the order of Comparison::quantities
};

/// Divergence and squared distance of a Gaussian from the target, in closed form.
struct ClosedForm {
  double kl = 0.0;
  double w2_squared = 0.0;
};

enum class Outcome {
  planned,     ///< not run yet, or never because a signal came first
  done,        ///< all steps
  stopped,     ///< by a signal
  refused,     ///< the scheme cannot take the case
  not_solved,  ///< a solver stopped short of its tolerance
};

/// One case with one scheme.
struct ComparedRun {
  std::string name;    ///< of the case
  std::string scheme;  ///< its name
  std::string file;    ///< result file
  double gamma = 0.0;
  double epsilon = 0.0;  ///< 0 for a scheme without a JKO step
  Index planned = 0;     ///< steps
  std::size_t memory = 0;
  Outcome outcome = Outcome::planned;
  std::string reason;     ///< why it was refused or not solved, in one line
  Index steps = 0;        ///< completed
  Index unconverged = 0;  ///< JKO steps short of their tolerance that the case let pass
  /// Wall time of the stages of a step, without diagnostics and output; 0 where there was none.
  double seconds_per_step = 0.0;
  std::vector<ComparedState> states;            ///< at the steps and times of the comparison, and the last one
  std::optional<double> covariance_error = {};  ///< of the last state: |C - C_target|/|C_target|, Frobenius norms
  std::optional<ClosedForm> closed_form = {};   ///< of the scheme after as many steps
  std::optional<ClosedForm> stationary = {};    ///< of the scheme's limit: its bias

  /// The state after a step; null if there is none.
  const ComparedState* at(Index step) const;
  /// The step after which a run has come to a time; -1 if it never does.
  Index step_at(double time) const;
};

/// Runs of the same problem on the same grid, side by side.
struct Comparison {
  std::string grid, potential, initial;  ///< in words
  std::vector<std::string> quantities;   ///< names of series in /diagnostics
  std::string w2;                        ///< what w2_squared is and how it is measured; empty where it is not
  bool sinkhorn = false;                 ///< as the Sinkhorn divergence; by default only at the steps compared
  std::vector<Index> steps;              ///< step counts at which all runs are compared
  std::vector<double> times;             ///< times at which all are; empty if their steps have no time in common
  bool one_gamma = true;                 ///< equal steps are equal times
  std::vector<ComparedRun> runs;
};

/// Loads and checks everything and plans every run; writes nothing. A run that its scheme cannot take is refused in
/// the result. Throws UsageError where the grids, initial densities or targets of the cases differ, naming a key and
/// both values, and where every run is refused; else as planning a case does.
Comparison plan_comparison(const CompareRequest& request);

/// Hooks of a run.
using Watch = std::function<RunHooks(const ComparedRun&, const RunPlan&)>;

/// Makes the planned runs of a comparison one after another, each into its file, until a hook stops one. A scheme that
/// finds only in a step that it cannot take the case is refused; a ConvergenceError ends its run alone.
void carry_out(const CompareRequest& request, Comparison& comparison, const Watch& watch);

}  // namespace wpg
