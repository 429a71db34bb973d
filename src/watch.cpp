#include "watch.hpp"

#include <memory>
#include <ostream>

#include "progress.hpp"
#include "signals.hpp"
#include "text.hpp"

namespace wpg {
namespace {

Progress::Style style_of(const CommandLine& line, const Streams& streams) {
  if (line.quiet) return Progress::Style::quiet;
  return streams.err_is_terminal ? Progress::Style::bar : Progress::Style::lines;
}

}  // namespace

/// Shows the divergence from the target where there is one, else the energy.
RunHooks watch(const RunPlan& plan, const CommandLine& line, const Streams& streams, const std::string& name) {
  const bool has_target = plan.problem.target.has_value();
  const auto position = static_cast<std::size_t>(row_position(plan, has_target ? "kl" : "energy"));
  const std::string label = (name.empty() ? "" : name + " ") + (has_target ? "KL" : "energy");
  const std::string prefix = name.empty() ? "" : name + ": ";
  const auto progress = std::make_shared<Progress>(streams.err, style_of(line, streams), plan.steps);
  RunHooks hooks;
  hooks.stop = [] { return SignalGuard::caught() != 0; };
  hooks.progress = [=, &streams, warned = false](const StepView& view, std::span<const double> row) mutable {
    const JkoReport& jko = view.report.jko;
    if (!warned && jko.iterations > 0 && !jko.converged) {
      warned = true;
      progress->clear();
      streams.err << "wpg: warning: " << prefix << "step " << view.step
                  << " stopped short of jko.tolerance: certified L1 distance " << shortest(jko.l1_bound, 3)
                  << " (further ones are counted in the summary)\n";
    }
    progress->report(view.step, label, row[position]);
  };
  return hooks;
}

}  // namespace wpg
