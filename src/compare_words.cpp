#include <algorithm>
#include <sstream>

#include "compare_print.hpp"
#include "text.hpp"

namespace wpg {
namespace {

bool all_share(const Comparison& comparison, std::string ComparedRun::*member) {
  return std::all_of(comparison.runs.begin(), comparison.runs.end(),
                     [&](const ComparedRun& run) { return run.*member == comparison.runs.front().*member; });
}

template <class Value>
std::string list(const std::vector<Value>& values) {
  std::vector<std::string> words;
  words.reserve(values.size());
  for (const Value value : values) words.push_back(shortest(static_cast<double>(value), 10));
  return joined(words, ", ");
}

std::string outcomes(const Comparison& comparison) {
  std::string text;
  const std::vector<std::string> names = labels(comparison);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const ComparedRun& run = comparison.runs[k];
    if (run.steps > 0 && run.outcome != Outcome::done) {
      text += "  " + names[k] + ": " + outcome_name(run.outcome) + " after " + std::to_string(run.steps) + " of " +
              std::to_string(run.planned) + " steps" + (run.reason.empty() ? "" : "; " + run.reason) + "\n";
    }
    if (run.unconverged > 0) {
      text += "  " + names[k] + ": " + std::to_string(run.unconverged) + " steps stopped short of jko.tolerance\n";
    }
  }
  if (comparison.times.empty()) text += "  no time before the end is a whole number of steps of every run\n";
  return text.empty() ? text : "\n" + text;
}

std::string files(const Comparison& comparison) {
  std::string text = "\n";
  for (const ComparedRun& run : comparison.runs) {
    if (run.steps > 0) text += "  output  " + run.file + "\n";
  }
  return text;
}

}  // namespace

std::vector<std::string> labels(const Comparison& comparison) {
  const bool one_case = all_share(comparison, &ComparedRun::name),
             one_scheme = all_share(comparison, &ComparedRun::scheme);
  std::vector<std::string> names;
  for (const ComparedRun& run : comparison.runs) {
    names.push_back(one_case ? run.scheme : one_scheme ? run.name : run.name + " " + run.scheme);
  }
  return names;
}

std::string outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::planned:
      return "not run";
    case Outcome::done:
      return "done";
    case Outcome::stopped:
      return "stopped";
    case Outcome::refused:
      return "refused";
    case Outcome::not_solved:
      break;
  }
  return "stopped short of its tolerance";
}

std::string comparison_head(const Comparison& comparison) {
  const std::string count = std::to_string(comparison.runs.size()) + (comparison.runs.size() == 1 ? " run" : " runs");
  const bool one_case = all_share(comparison, &ComparedRun::name),
             one_scheme = all_share(comparison, &ComparedRun::scheme);
  std::string text = (one_case ? comparison.runs.front().name + ": " + count : count) +
                     (one_scheme ? " of " + comparison.runs.front().scheme : "") + "\n";
  text += "  grid       " + comparison.grid + "\n";
  text += "  potential  " + comparison.potential + "\n";
  text += "  initial    " + comparison.initial + "\n";
  return text + "  W2^2       " + (comparison.w2.empty() ? "not measured" : comparison.w2) + "\n";
}

std::string comparison_notes(const Comparison& comparison) { return outcomes(comparison) + files(comparison); }

std::string comparison_plan_text(const Comparison& comparison) {
  std::vector<Cells> rows = {{},
                             {"run", "gamma", "steps", "time", "epsilon", "memory", "output (not written: dry run)"}};
  const std::vector<std::string> names = labels(comparison);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const ComparedRun& run = comparison.runs[k];
    Cells row = {names[k], shortest(run.gamma), std::to_string(run.planned),
                 shortest(run.gamma * static_cast<double>(run.planned))};
    if (run.outcome == Outcome::refused) {
      row.push_back("refused: " + run.reason);
    } else {
      row.insert(row.end(), {run.epsilon > 0.0 ? shortest(run.epsilon) : "-",
                             bytes_text(static_cast<double>(run.memory)), run.file});
    }
    rows.push_back(std::move(row));
  }
  return comparison_head(comparison) + "  steps      " + list(comparison.steps) + "\n  times      " +
         (comparison.times.empty() ? "none in common" : list(comparison.times)) + "\n" + aligned(rows);
}

}  // namespace wpg
