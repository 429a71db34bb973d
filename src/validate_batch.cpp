#include "validate_batch.hpp"

#include <algorithm>
#include <stdexcept>

#include "wpg/jko/entropic.hpp"

namespace wpg {
namespace {

using Rows = std::vector<std::vector<double>>;

/// The line of the marginals, with one row for each. Its second axis has cells of length one.
Grid stacked(const Grid& line) {
  const auto rows = static_cast<Index>(batch_size);
  return Grid({line.axis(0), {rows, 0.0, static_cast<double>(rows), Boundary::reflecting}});
}

EntropicOptions options_of(const Config& config, const CasePlan& plan) {
  EntropicOptions options;
  options.gamma = plan.gamma;
  options.epsilon = plan.epsilon;
  options.compensate = config.flag("jko.compensate");
  options.tolerance = config.positive("jko.tolerance");
  options.max_iterations = static_cast<int>(config.integer("jko.max-iterations", 1));
  options.axes = 1;
  return options;
}

/// One batch in progress.
class Lockstep {
 public:
  Lockstep(const Config& config, std::vector<CasePlan>& plans)
      : plans_(plans),
        grid_(stacked(plans.front().run.problem.grid)),
        solver_(grid_, options_of(config, plans.front())),
        nu_(grid_),
        rho_(grid_),
        rows_(plans.size()) {
    for (const CasePlan& plan : plans) densities_.push_back(plan.run.problem.initial);
  }

  std::vector<Rows> operator()() {
    std::vector<StepReport> reports(plans_.size());
    evaluate(0, reports);
    for (Index step = 1; step <= plans_.front().run.steps; ++step) {
      for (std::size_t k = 0; k < plans_.size(); ++k) forward(k, reports[k] = {});
      backward(reports);
      evaluate(step, reports);
    }
    return std::move(rows_);
  }

 private:
  Index cells() const { return grid_.axis(0).cells; }

  /// All stages but the JKO step.
  void forward(std::size_t k, StepReport& report) {
    auto& stages = plans_[k].run.scheme.stages;
    for (std::size_t s = 0; s + 1 < stages.size(); ++s) stages[s]->apply(densities_[k], report);
  }

  /// The JKO step of all; rows without a marginal repeat the last one.
  void backward(std::vector<StepReport>& reports) {
    for (std::size_t row = 0; row < batch_size; ++row) {
      nu_.values.segment(static_cast<Index>(row) * cells(), cells()) =
          densities_[std::min(row, densities_.size() - 1)].values;
    }
    const JkoReport report = solver_.solve(nu_, rho_);
    for (std::size_t k = 0; k < densities_.size(); ++k) {
      densities_[k].values = rho_.values.segment(static_cast<Index>(k) * cells(), cells());
      reports[k].jko = report;
    }
  }

  void evaluate(Index step, const std::vector<StepReport>& reports) {
    for (std::size_t k = 0; k < plans_.size(); ++k) {
      const RunPlan& plan = plans_[k].run;
      const double time = static_cast<double>(step) * plan.scheme.time_step;
      const StepView view{step, time, densities_[k], reports[k], plan.problem};
      std::vector<double>& row = rows_[k].emplace_back();
      for (const Diagnostic& diagnostic : plan.diagnostics) {
        const auto size = static_cast<std::size_t>(diagnostic.size(1));
        row.resize(row.size() + size);
        diagnostic.evaluate(view, std::span(row).last(size));
      }
      if (!densities_[k].values.isFinite().all()) {
        throw std::runtime_error("step " + std::to_string(step) + ": a marginal's density is not finite");
      }
    }
  }

  std::vector<CasePlan>& plans_;
  Grid grid_;
  EntropicJko solver_;
  Field nu_, rho_;
  std::vector<Field> densities_;
  std::vector<Rows> rows_;
};

}  // namespace

bool same_batch(const CasePlan& a, const CasePlan& b) {
  const auto fits = [](const CasePlan& plan) {
    const Problem& problem = plan.run.problem;
    return problem.grid.dimension() == 1 && problem.energies.empty() && plan.run.scheme.name == "forward-backward";
  };
  return fits(a) && fits(b) && a.run.problem.grid == b.run.problem.grid && a.epsilon == b.epsilon &&
         a.gamma == b.gamma && a.run.steps == b.run.steps;
}

std::vector<Recording> record_batch(const Config& config, std::vector<CasePlan> plans) {
  const std::vector<Rows> rows = Lockstep(config, plans)();
  std::vector<Recording> recordings;
  for (std::size_t k = 0; k < plans.size(); ++k) recordings.push_back(make_recording(std::move(plans[k]), rows[k]));
  return recordings;
}

}  // namespace wpg
