#include <nlohmann/json.hpp>

#include "summary.hpp"
#include "text.hpp"

namespace wpg {
namespace {

using Json = nlohmann::ordered_json;

Json grid_json(const Grid& grid) {
  Json json;
  for (const Axis& axis : grid.axes()) {
    json["cells"].push_back(axis.cells);
    json["lower"].push_back(axis.lower);
    json["upper"].push_back(axis.upper);
    json["boundary"].push_back(boundary_name(axis.boundary));
  }
  return json;
}

Json head_json(const CasePlan& plan) {
  const Curvature& curvature = plan.run.problem.curvature;
  Json json{{"case", plan.name},
            {"grid", grid_json(plan.run.problem.grid)},
            {"potential", {{"type", plan.potential}, {"lambda", curvature.lambda}, {"L", curvature.L}}},
            {"initial_density", {{"type", plan.initial}, {"factor", plan.run.problem.initial_factor}}},
            {"scheme", {{"name", plan.run.scheme.name}, {"gamma", plan.gamma}, {"steps", plan.run.steps}}}};
  if (plan.run.problem.nonsmooth) json["nonsmooth"] = plan.run.problem.nonsmooth->name();
  if (plan.epsilon > 0.0) json["epsilon"] = plan.epsilon;
  if (plan.reference) json["reference"] = plan.reference->description();
  if (plan.particles) {
    const ParticleCompanion& companion = plan.particles->companion();
    json["particles"] = {
        {"number", companion.points().rows()}, {"seed", plan.seed}, {"method", companion.description()}};
  }
  return json;
}

Json tally_json(const Tally& tally, Index steps) {
  return {{"total", tally.total},
          {"min", tally.least},
          {"mean", tally.total / static_cast<double>(steps)},
          {"max", tally.most}};
}

Json jko_json(const RunResult& result) {
  const RunTotals& totals = result.totals;
  return {{"kernels", totals.kernels},
          {"iterations", tally_json(totals.iterations, result.steps)},
          {"kernel_applications", tally_json(totals.kernel_applications, result.steps)},
          {"largest_l1_bound", totals.largest_l1_bound},
          {"largest_gap", totals.largest_gap},
          {"largest_mass_defect", totals.largest_mass_defect},
          {"unconverged", totals.unconverged}};
}

/// The named values of a row of diagnostics; matrices as lists of rows.
Json row_json(const CasePlan& plan, const std::vector<double>& row) {
  const Index d = plan.run.problem.grid.dimension();
  Json json;
  auto at = row.begin();
  for (const Diagnostic& diagnostic : plan.run.diagnostics) {
    Json& value = json[diagnostic.name];
    if (diagnostic.axes.empty()) {
      value = diagnostic.flags.empty() ? Json(*at) : Json();
      if (!diagnostic.flags.empty() && *at >= 0.0) value = diagnostic.flags[static_cast<std::size_t>(*at)];
    } else if (diagnostic.axes.size() == 1) {
      value = std::vector<double>(at, at + d);
    } else {
      for (Index k = 0; k < d; ++k) value.push_back(std::vector<double>(at + k * d, at + (k + 1) * d));
    }
    at += diagnostic.size(static_cast<int>(d));
  }
  return json;
}

}  // namespace

std::string summary_json(const CasePlan& plan, const RunResult& result) {
  Json json = head_json(plan);
  json["status"] = result.stopped ? "stopped" : "done";
  json["steps"] = result.steps;
  json["time"] = result.time;
  json["initial"] = row_json(plan, result.first_row);
  json["final"] = row_json(plan, result.last_row);
  json["observables"] = plan.observables;
  json["mass_drift"] = result.mass_drift;
  json["clamped_mass"] = result.totals.clamped_mass;
  json["limited_mass"] = result.totals.limited_mass;
  if (result.totals.substeps.total > 0.0) json["substeps"] = tally_json(result.totals.substeps, result.steps);
  if (!result.totals.kernels.empty()) json["jko"] = jko_json(result);
  json["seconds"]["plan"] = plan.seconds;
  for (const auto& [phase, seconds] : result.phases) json["seconds"][phase] = seconds;
  json["output"] = plan.file;
  json["snapshots"] = result.snapshots;
  return json.dump(2) + "\n";
}

std::string plan_json(const CasePlan& plan, const std::string& config) {
  Json json = head_json(plan);
  for (const auto& stage : plan.run.scheme.stages) json["stages"].push_back(stage->name());
  json["snapshots"] = planned_snapshots(plan);
  json["memory_bytes"] = planned_memory(plan);
  json["output"] = plan.file;
  json["config"] = Json::parse(config);
  return json.dump(2) + "\n";
}

std::string config_text(const std::string& config) {
  std::string text;
  const Json sections = Json::parse(config);
  for (const auto& [section, keys] : sections.items()) {
    text += "[" + section + "]\n";
    for (const auto& [key, value] : keys.items()) text += key + " = " + value.get<std::string>() + "\n";
  }
  return text;
}

}  // namespace wpg
