#include <algorithm>
#include <cmath>
#include <set>

#include "compare_print.hpp"
#include "text.hpp"

namespace wpg {
namespace {

std::string number(double value) { return std::isfinite(value) ? shortest(value, 4) : "-"; }

/// Of a closed form; what is below the rounding of a sum over cells is nothing.
std::string form(const std::optional<ClosedForm>& form, double ClosedForm::*member) {
  if (!form) return "-";
  return number((*form).*member < 1e-16 ? 0.0 : (*form).*member);
}

std::string title_of(const std::string& quantity) {
  if (quantity == "kl") return "KL to target";
  if (quantity == "l1_reference") return "L1 to reference";
  if (quantity == "w2_reference") return "W2 to reference";
  return quantity == "w2_squared" ? "W2^2 to target" : quantity;
}

bool has_numbers(const ComparedRun& run) { return run.steps > 0; }

/// A quantity of every run at several of its steps.
void add_block(std::vector<Cells>& rows, const Comparison& comparison, std::size_t quantity,
               const std::vector<Cells>& head, const std::function<std::vector<Index>(const ComparedRun&)>& steps_of) {
  rows.push_back({});
  rows.insert(rows.end(), head.begin(), head.end());
  const std::vector<std::string> names = labels(comparison);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const ComparedRun& run = comparison.runs[k];
    if (!has_numbers(run)) continue;
    Cells row = {names[k], shortest(run.gamma)};
    for (const Index step : steps_of(run)) {
      const ComparedState* state = run.at(step);
      row.push_back(state == nullptr ? "-" : number(state->values[quantity]));
    }
    rows.push_back(std::move(row));
  }
}

/// Equal steps are equal times where gamma is one: then the times are told too.
Cells times_of_steps(const Comparison& comparison) {
  const auto made = std::find_if(comparison.runs.begin(), comparison.runs.end(), has_numbers);
  const double gamma = made == comparison.runs.end() ? 0.0 : made->gamma;
  Cells times = {"", ""};
  for (const Index step : comparison.steps) {
    const double time = static_cast<double>(step) * gamma;
    times.push_back((times.size() == 2 ? "time " : "") + shortest(time));
  }
  return times;
}

void add_steps(std::vector<Cells>& rows, const Comparison& comparison, std::size_t quantity) {
  std::vector<Cells> head = {{title_of(comparison.quantities[quantity]), "gamma"}};
  for (const Index step : comparison.steps) {
    head[0].push_back((head[0].size() == 2 ? "step " : "") + std::to_string(step));
  }
  if (comparison.one_gamma) head.push_back(times_of_steps(comparison));
  add_block(rows, comparison, quantity, head, [&](const ComparedRun&) { return comparison.steps; });
}

void add_times(std::vector<Cells>& rows, const Comparison& comparison, std::size_t quantity) {
  Cells head = {title_of(comparison.quantities[quantity]), "gamma"};
  for (const double time : comparison.times) head.push_back((head.size() == 2 ? "time " : "") + shortest(time));
  add_block(rows, comparison, quantity, {head}, [&](const ComparedRun& run) {
    std::vector<Index> steps;
    for (const double time : comparison.times) steps.push_back(run.step_at(time));
    return steps;
  });
}

/// The member of a closed form that belongs to a quantity; null for those that have none.
double ClosedForm::*member_of(const std::string& quantity) {
  if (quantity == "kl") return &ClosedForm::kl;
  return quantity == "w2_squared" ? &ClosedForm::w2_squared : nullptr;
}

Cells end_head(const Comparison& comparison, bool closed) {
  Cells head = {"at the end", "time"};
  for (const std::string& quantity : comparison.quantities) {
    const std::string title = title_of(quantity);
    head.push_back(title.substr(0, title.find(" to ")));
    if (closed && member_of(quantity) != nullptr) head.insert(head.end(), {"closed form", "its limit"});
  }
  head.insert(head.end(), {"covariance off by", "wall time a step"});
  return head;
}

Cells end_row(const Comparison& comparison, const ComparedRun& run, const std::string& label, bool closed) {
  if (!has_numbers(run)) return {label, outcome_name(run.outcome) + (run.reason.empty() ? "" : ": " + run.reason)};
  const ComparedState& last = run.states.back();
  Cells row = {label, shortest(last.time)};
  for (std::size_t q = 0; q < comparison.quantities.size(); ++q) {
    row.push_back(number(last.values[q]));
    const auto member = member_of(comparison.quantities[q]);
    if (!closed || member == nullptr) continue;
    row.insert(row.end(), {form(run.closed_form, member), form(run.stationary, member)});
  }
  row.push_back(run.covariance_error ? number(*run.covariance_error) : "-");
  row.push_back(seconds_text(run.seconds_per_step));
  return row;
}

void add_end(std::vector<Cells>& rows, const Comparison& comparison) {
  const bool closed = std::any_of(comparison.runs.begin(), comparison.runs.end(),
                                  [](const ComparedRun& run) { return run.closed_form.has_value(); });
  rows.push_back({});
  rows.push_back(end_head(comparison, closed));
  const std::vector<std::string> names = labels(comparison);
  for (std::size_t k = 0; k < names.size(); ++k) {
    rows.push_back(end_row(comparison, comparison.runs[k], names[k], closed));
  }
}

}  // namespace

std::string comparison_text(const Comparison& comparison) {
  std::vector<Cells> rows;
  for (std::size_t q = 0; q < comparison.quantities.size(); ++q) {
    add_steps(rows, comparison, q);
    if (!comparison.one_gamma && !comparison.times.empty()) add_times(rows, comparison, q);
  }
  add_end(rows, comparison);
  return comparison_head(comparison) + aligned(rows) + comparison_notes(comparison);
}

}  // namespace wpg
