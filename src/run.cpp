#include "wpg/run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

using Clock = std::chrono::steady_clock;

/// Adds the time until the end of the scope to a phase.
class Timed {
 public:
  explicit Timed(double& seconds) : seconds_(seconds), start_(Clock::now()) {}
  ~Timed() { seconds_ += std::chrono::duration<double>(Clock::now() - start_).count(); }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  double& seconds_;
  Clock::time_point start_;
};

Index row_size(const RunPlan& plan) {
  Index size = 0;
  for (const Diagnostic& diagnostic : plan.diagnostics) size += diagnostic.size(plan.problem.grid.dimension());
  return size;
}

/// One run in progress.
class Loop {
 public:
  Loop(RunPlan& plan, RunOutput& output, const RunHooks& hooks)
      : plan_(plan),
        output_(output),
        hooks_(hooks),
        row_(static_cast<std::size_t>(row_size(plan))),
        result_(plan.problem.initial) {
    for (const auto& stage : plan.scheme.stages) phase_of_stage_.push_back(phase(std::string(stage->name())));
    result_.phases.emplace_back("diagnostics", 0.0);
    result_.phases.emplace_back("output", 0.0);
  }

  RunResult operator()() {
    start();
    for (Index step = 1; step <= plan_.steps && !result_.stopped; ++step) {
      const StepReport report = advance(step);
      if (step == 1) write_start();
      result_.steps = step;
      result_.totals.add(report);
      result_.stopped = step < plan_.steps && hooks_.stop();
      record(step, report);
    }
    result_.last_row = row_;
    return std::move(result_);
  }

 private:
  /// Position of the phase of that name; stages of one name share it.
  std::size_t phase(const std::string& name) {
    for (std::size_t k = 0; k < result_.phases.size(); ++k) {
      if (result_.phases[k].first == name) return k;
    }
    result_.phases.emplace_back(name, 0.0);
    return result_.phases.size() - 1;
  }

  StepReport advance(Index step) {
    StepReport report;
    try {
      for (std::size_t k = 0; k < plan_.scheme.stages.size(); ++k) {
        const Timed timed(result_.phases[phase_of_stage_[k]].second);
        plan_.scheme.stages[k]->apply(result_.rho, report);
      }
      check(report.jko);
    } catch (const ConvergenceError& error) {
      if (step == 1) write_start();
      throw ConvergenceError("step " + std::to_string(step) + " of " + std::to_string(plan_.steps) + ": " +
                             error.what());
    }
    return report;
  }

  /// A report without iterations is that of a scheme without a JKO step.
  void check(const JkoReport& report) const {
    if (report.iterations == 0 || report.converged || !plan_.stop_on_failure) return;
    throw ConvergenceError("the JKO step stopped after " + std::to_string(report.iterations) +
                           " iterations short of its tolerance: certified L1 distance " + shortest(report.l1_bound, 3) +
                           ", residual " + shortest(report.residual, 3) + ", duality gap " + shortest(report.gap, 3));
  }

  void start() {
    const StepReport none;
    const StepView view{0, 0.0, result_.rho, none, plan_.problem};
    evaluate(view);
    result_.first_row = row_;
    hooks_.progress(view, row_);
  }

  /// Writes step 0; not before a step has been tried, so that a case that cannot be stepped leaves nothing behind.
  void write_start() {
    const Timed timed(result_.phases.back().second);
    output_.append_diagnostics(0.0, result_.first_row);
    output_.write_snapshot(0.0, plan_.problem.initial);
    ++result_.snapshots;
  }

  void record(Index step, const StepReport& report) {
    result_.time = static_cast<double>(step) * plan_.scheme.time_step;
    const StepView view{step, result_.time, result_.rho, report, plan_.problem};
    evaluate(view);
    write(step);
    hooks_.progress(view, row_);
  }

  void evaluate(const StepView& view) {
    const Timed timed(result_.phases[result_.phases.size() - 2].second);
    const double mass = integral(view.rho);
    if (!(mass > 0.0) || !std::isfinite(mass)) {
      throw std::runtime_error("step " + std::to_string(view.step) + ": the density is not finite");
    }
    if (view.step == 0) initial_mass_ = mass;
    result_.mass_drift = std::max(result_.mass_drift, std::abs(mass - initial_mass_) / initial_mass_);
    std::span<double> rest(row_);
    for (const Diagnostic& diagnostic : plan_.diagnostics) {
      const auto size = static_cast<std::size_t>(diagnostic.size(view.rho.grid.dimension()));
      diagnostic.evaluate(view, rest.first(size));
      rest = rest.subspan(size);
    }
  }

  void write(Index step) {
    const Timed timed(result_.phases.back().second);
    output_.append_diagnostics(result_.time, row_);
    if (!plan_.snapshots.due(step) && !result_.stopped) return;
    output_.write_snapshot(result_.time, result_.rho);
    ++result_.snapshots;
  }

  RunPlan& plan_;
  RunOutput& output_;
  const RunHooks& hooks_;
  std::vector<double> row_;
  RunResult result_;
  std::vector<std::size_t> phase_of_stage_;
  double initial_mass_ = 0.0;
};

}  // namespace

void Tally::add(double value) {
  total += value;
  least = std::min(least, value);
  most = std::max(most, value);
}

void RunTotals::add(const StepReport& report) {
  clamped_mass += report.transport.clamped_mass;
  limited_mass += report.transport.limited_mass;
  if (report.transport.substeps > 0) substeps.add(report.transport.substeps);
  if (report.jko.iterations == 0) return;
  iterations.add(report.jko.iterations);
  kernel_applications.add(report.jko.kernel_applications);
  largest_l1_bound = std::max(largest_l1_bound, report.jko.l1_bound);
  largest_gap = std::max(largest_gap, report.jko.gap);
  largest_mass_defect = std::max(largest_mass_defect, std::abs(report.jko.mass_defect));
  unconverged += report.jko.converged ? 0 : 1;
  epsilon = report.jko.epsilon;
  if (std::find(kernels.begin(), kernels.end(), report.jko.kernel) == kernels.end()) {
    kernels.push_back(report.jko.kernel);
  }
}

RunResult run(RunPlan& plan, RunOutput& output, const RunHooks& hooks) { return Loop(plan, output, hooks)(); }

Index row_position(const RunPlan& plan, const std::string& diagnostic) {
  Index position = 0;
  for (const Diagnostic& d : plan.diagnostics) {
    if (d.name == diagnostic) return position;
    position += d.size(plan.problem.grid.dimension());
  }
  return -1;
}

std::size_t memory_estimate(const RunPlan& plan) {
  const std::size_t field = static_cast<std::size_t>(plan.problem.grid.size()) * sizeof(double);
  const std::size_t targets = plan.problem.target ? 2 : 0;  // the problem's and that of the diagnostics
  std::size_t bytes = (4 + targets) * field;                // initial, rho, V at the cell centres for two diagnostics
  for (const auto& stage : plan.scheme.stages) bytes += stage->memory();
  for (const auto& energy : plan.problem.energies) bytes += energy->memory();
  return bytes;
}

}  // namespace wpg
