#include <ostream>

#include "commands.hpp"
#include "validate_print.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/validate.hpp"

namespace wpg {
namespace {

constexpr int most_halvings = 6;

int halvings(const CommandLine& line) {
  if (line.refine.empty()) return 0;
  if (line.refine.size() == 1 && line.refine[0] >= '1' && line.refine[0] <= '0' + most_halvings) {
    return line.refine[0] - '0';
  }
  throw UsageError("--refine " + line.refine + ": must be a whole number from 1 to " + std::to_string(most_halvings));
}

}  // namespace

int command_validate(const CommandLine& line, const Streams& streams) {
  if (line.words.size() != 2 || line.dry_run) {
    throw UsageError("wpg validate takes one case: wpg validate CASE.ini [--refine K] [--section.key VALUE ...]");
  }
  const int refine = halvings(line);
  const LoadCase load = [&](const std::vector<std::pair<std::string, std::string>>& stronger) {
    auto overrides = stronger;
    overrides.insert(overrides.end(), line.overrides.begin(), line.overrides.end());
    return Config::load(line.words[1], overrides);
  };
  use_threads(load({}));
  const Validation validation = validate(load, refine);
  if (line.json) {
    streams.out << validation_json(validation);
  } else if (!line.quiet) {
    streams.out << validation_text(validation);
  }
  return static_cast<int>(validation.holds() ? ExitCode::done : ExitCode::not_converged);
}

}  // namespace wpg
