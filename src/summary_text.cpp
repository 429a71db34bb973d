#include <algorithm>
#include <iomanip>
#include <sstream>

#include "summary.hpp"
#include "text.hpp"
#include "wpg/energies/network.hpp"

namespace wpg {
namespace {

/// A title, then lines of a label and a text.
class Table {
 public:
  explicit Table(std::string title) : title_(std::move(title)) {}
  void add(const std::string& label, const std::string& text) { rows_.emplace_back(label, text); }
  std::string text() const {
    std::size_t width = 14;
    for (const auto& [label, text] : rows_) width = std::max(width, label.size());
    std::ostringstream out;
    out << title_ << '\n';
    for (const auto& [label, text] : rows_) {
      out << "  " << std::left << std::setw(static_cast<int>(width)) << label << ' ' << text << '\n';
    }
    return out.str();
  }

 private:
  std::string title_;
  std::vector<std::pair<std::string, std::string>> rows_;
};

std::string numbers(std::span<const double> values, int digits = 6) {
  std::vector<std::string> words;
  for (const double value : values) words.push_back(shortest(value, digits));
  return joined(words, "  ");
}

std::span<const double> values_of(const CasePlan& plan, const std::vector<double>& row, const std::string& name,
                                  int count) {
  return std::span(row).subspan(static_cast<std::size_t>(row_position(plan.run, name)),
                                static_cast<std::size_t>(count));
}

double value_of(const CasePlan& plan, const std::vector<double>& row, const std::string& name) {
  return values_of(plan, row, name, 1)[0];
}

std::string particles_text(const CasePlan& plan) {
  const ParticleCompanion& companion = plan.particles->companion();
  return std::to_string(companion.points().rows()) + ", seed " + std::to_string(plan.seed) + ": " +
         companion.description();
}

void add_problem(Table& table, const CasePlan& plan) {
  table.add("grid", grid_text(plan.run.problem.grid));
  const Curvature& curvature = plan.run.problem.curvature;
  const std::string bounds =
      plan.potential == "none" ? "" : "; lambda = " + shortest(curvature.lambda) + ", L = " + shortest(curvature.L);
  table.add("potential", plan.potential + bounds);
  if (plan.run.problem.nonsmooth) table.add("nonsmooth", std::string(plan.run.problem.nonsmooth->name()));
  const std::string factor = shortest(plan.run.problem.initial_factor);
  if (const auto& network = plan.run.problem.network) {
    table.add("network", std::to_string(network->data().y.size()) + " points; phi takes " +
                             bytes_text(static_cast<double>(network->memory())));
  }
  table.add("initial", plan.initial + (factor == "1" ? "" : ", multiplied by " + factor + " to mass one"));
}

void add_moments(Table& table, const CasePlan& plan, const RunResult& result) {
  const int d = plan.run.problem.grid.dimension();
  table.add("mean", numbers(values_of(plan, result.last_row, "mean", d)));
  const auto covariance = values_of(plan, result.last_row, "covariance", d * d);
  const auto rows = static_cast<std::size_t>(d);
  for (std::size_t k = 0; k < rows; ++k) {
    table.add(k == 0 ? "covariance" : "", numbers(covariance.subspan(k * rows, rows)));
  }
}

void add_measures(Table& table, const CasePlan& plan, const RunResult& result) {
  const auto change = [&](const std::string& name) {
    return shortest(value_of(plan, result.last_row, name)) + "  (at the start " +
           shortest(value_of(plan, result.first_row, name)) + ")";
  };
  table.add("energy", change("energy"));
  if (plan.run.problem.target) table.add("KL to target", change("kl"));
  if (row_position(plan.run, "w2_squared") >= 0) table.add("W2^2 to target", change("w2_squared"));
  if (plan.reference) table.add("L1 to reference", shortest(value_of(plan, result.last_row, "l1_reference")));
  if (row_position(plan.run, "particle_w2_squared") >= 0) {
    table.add("W2^2 particles", change("particle_w2_squared"));
  }
  for (const std::string& name : plan.observables) table.add(name, change(name));
  table.add("mass drift", shortest(result.mass_drift, 2));
  const RunTotals& totals = result.totals;
  if (totals.clamped_mass > 0.0) {
    table.add("clamped mass", shortest(totals.clamped_mass, 3) + " kept in the box, summed over the steps");
  }
}

std::string tally_text(const Tally& tally, Index steps) {
  return shortest(tally.total) + " (a step: " + shortest(tally.least, 4) + " to " + shortest(tally.most, 4) +
         ", mean " + shortest(tally.total / static_cast<double>(steps), 4) + ")";
}

void add_jko(Table& table, const CasePlan& plan, const RunResult& result) {
  const RunTotals& totals = result.totals;
  if (totals.kernels.empty()) return;
  table.add("epsilon", shortest(totals.epsilon) + ", gamma/epsilon = " + shortest(plan.gamma / totals.epsilon, 4) +
                           "; kernel " + joined(totals.kernels, ", "));
  table.add("JKO steps", "iterations " + tally_text(totals.iterations, result.steps));
  table.add("", "kernel applications " + tally_text(totals.kernel_applications, result.steps));
  table.add("", "certified L1 distance to the minimiser at most " + shortest(totals.largest_l1_bound, 3));
  if (totals.largest_mass_defect > 0.0) {
    table.add("", "mass set right by at most " + shortest(totals.largest_mass_defect, 2) + " of itself");
  }
  if (totals.unconverged > 0) {
    table.add("", std::to_string(totals.unconverged) + " of " + std::to_string(result.steps) +
                      " steps stopped short of the tolerance");
  }
}

std::string times_text(const CasePlan& plan, const RunResult& result) {
  double total = plan.seconds;
  std::string text = "plan " + seconds_text(plan.seconds);
  for (const auto& [phase, seconds] : result.phases) {
    text += ", " + phase + " " + seconds_text(seconds);
    total += seconds;
  }
  return seconds_text(total) + ": " + text;
}

std::string title(const CasePlan& plan, const std::string& steps) {
  return plan.name + ": " + steps + " of " + plan.run.scheme.name + ", gamma = " + shortest(plan.gamma);
}

}  // namespace

std::string summary_text(const CasePlan& plan, const RunResult& result) {
  const std::string steps = std::to_string(result.steps) + " steps";
  const std::string planned = result.stopped ? " (stopped; " + std::to_string(plan.run.steps) + " planned)" : "";
  Table table(title(plan, steps + planned) + ", time " + shortest(result.time));
  add_problem(table, plan);
  add_moments(table, plan, result);
  add_measures(table, plan, result);
  if (result.totals.substeps.total > 0.0) {
    table.add("explicit steps", "substeps " + tally_text(result.totals.substeps, result.steps));
  }
  add_jko(table, plan, result);
  if (plan.particles) table.add("particles", particles_text(plan));
  table.add("wall time", times_text(plan, result));
  table.add("output", plan.file + ", " + std::to_string(result.snapshots) + " snapshots");
  return table.text();
}

std::string plan_text(const CasePlan& plan, const std::string& config) {
  Table table(title(plan, std::to_string(plan.run.steps) + " steps"));
  add_problem(table, plan);
  std::vector<std::string> stages;
  for (const auto& stage : plan.run.scheme.stages) stages.emplace_back(stage->name());
  table.add("a step", joined(stages, ", then "));
  if (plan.epsilon > 0.0) {
    table.add("epsilon", shortest(plan.epsilon) + ", gamma/epsilon = " + shortest(plan.gamma / plan.epsilon, 4));
  }
  if (plan.reference) table.add("reference", plan.reference->description());
  if (plan.particles) {
    table.add("particles", particles_text(plan) + "; a step costs " + plan.particles->companion().cost());
  }
  table.add("snapshots", std::to_string(planned_snapshots(plan)) + " of " +
                             bytes_text(static_cast<double>(plan.run.problem.grid.size()) * sizeof(double)) +
                             " each before compression");
  table.add("memory", bytes_text(static_cast<double>(planned_memory(plan))));
  table.add("output", plan.file + " (not written: dry run)");
  return table.text() + "\n" + config_text(config);
}

}  // namespace wpg
