#include <nlohmann/json.hpp>

#include "compare_print.hpp"

namespace wpg {
namespace {

using Json = nlohmann::ordered_json;

Json state_json(const Comparison& comparison, const ComparedState& state) {
  Json json = {{"step", state.step}, {"time", state.time}};
  for (std::size_t q = 0; q < comparison.quantities.size(); ++q) json[comparison.quantities[q]] = state.values[q];
  return json;
}

/// The states after some steps; null where a run has none.
Json states_json(const Comparison& comparison, const ComparedRun& run, const std::vector<Index>& steps) {
  Json all = Json::array();
  for (const Index step : steps) {
    const ComparedState* state = run.at(step);
    all.push_back(state == nullptr ? Json() : state_json(comparison, *state));
  }
  return all;
}

Json form_json(const std::optional<ClosedForm>& form) {
  return form ? Json{{"kl", form->kl}, {"w2_squared", form->w2_squared}} : Json();
}

Json run_json(const Comparison& comparison, const ComparedRun& run) {
  Json json = {{"case", run.name},       {"scheme", run.scheme}, {"outcome", outcome_name(run.outcome)},
               {"reason", run.reason},   {"gamma", run.gamma},   {"epsilon", run.epsilon},
               {"planned", run.planned}, {"steps", run.steps},   {"unconverged", run.unconverged}};
  std::vector<Index> timed;
  for (const double time : comparison.times) timed.push_back(run.step_at(time));
  json["at_steps"] = states_json(comparison, run, comparison.steps);
  json["at_times"] = states_json(comparison, run, timed);
  json["end"] = run.states.empty() ? Json() : state_json(comparison, run.states.back());
  json["covariance_error"] = run.covariance_error ? Json(*run.covariance_error) : Json();
  json["closed_form"] = form_json(run.closed_form);
  json["stationary"] = form_json(run.stationary);
  json["seconds_per_step"] = run.seconds_per_step;
  json["memory_bytes"] = run.memory;
  json["output"] = run.file;
  return json;
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  Json json = {{"grid", comparison.grid},
               {"potential", comparison.potential},
               {"initial_density", comparison.initial},
               {"w2", comparison.w2},
               {"quantities", comparison.quantities},
               {"steps", comparison.steps},
               {"times", comparison.times},
               {"runs", Json::array()}};
  for (const ComparedRun& run : comparison.runs) json["runs"].push_back(run_json(comparison, run));
  return json.dump(2) + "\n";
}

}  // namespace wpg
