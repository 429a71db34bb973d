#include <algorithm>
#include <ostream>

#include "commands.hpp"
#include "compare_print.hpp"
#include "signals.hpp"
#include "text.hpp"
#include "watch.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

/// The value of a key on the command line; empty where it is not there.
std::string overridden(const CommandLine& line, const std::string& key) {
  const auto found = std::find_if(line.overrides.begin(), line.overrides.end(),
                                  [&](const auto& override) { return override.first == key; });
  return found == line.overrides.end() ? "" : found->second;
}

CompareRequest request_of(const CommandLine& line) {
  CompareRequest request;
  request.schemes = split(overridden(line, "scheme.name"));
  if (const std::string file = overridden(line, "output.file"); !file.empty()) {
    request.files = file.ends_with(".h5") ? file.substr(0, file.size() - 3) : file;
  }
  for (auto path = line.words.begin() + 1; path != line.words.end(); ++path) {
    request.cases.emplace_back([&line, path = *path](const Overrides& stronger) {
      Overrides overrides = stronger;
      overrides.insert(overrides.end(), line.overrides.begin(), line.overrides.end());
      return Config::load(path, overrides);
    });
  }
  return request;
}

/// 75 where a solver stopped short; 64 where no scheme took its case.
ExitCode code_of(const Comparison& comparison) {
  const auto any = [&](Outcome outcome) {
    return std::any_of(comparison.runs.begin(), comparison.runs.end(),
                       [&](const ComparedRun& run) { return run.outcome == outcome; });
  };
  if (any(Outcome::not_solved)) return ExitCode::not_converged;
  return any(Outcome::done) ? ExitCode::done : ExitCode::usage;
}

}  // namespace

int command_compare(const CommandLine& line, const Streams& streams) {
  if (line.words.size() < 2) {
    throw UsageError(
        "wpg compare takes cases: wpg compare A.ini [B.ini ...] [--scheme.name a,b] [--section.key VALUE ...]");
  }
  const CompareRequest request = request_of(line);
  use_threads(request.cases.front()({}));
  const SignalGuard guard;
  Comparison comparison = plan_comparison(request);
  if (line.dry_run) {
    streams.out << (line.json ? comparison_json(comparison) : comparison_plan_text(comparison));
    return 0;
  }
  std::vector<std::string> names = labels(comparison);
  carry_out(request, comparison, [&](const ComparedRun& run, const RunPlan& plan) {
    const auto k = static_cast<std::size_t>(&run - comparison.runs.data());
    return watch(plan, line, streams, names[k]);
  });
  if (line.json) {
    streams.out << comparison_json(comparison);
  } else if (!line.quiet) {
    streams.out << comparison_text(comparison);
  }
  return SignalGuard::caught() != 0 ? 128 + SignalGuard::caught() : static_cast<int>(code_of(comparison));
}

}  // namespace wpg
