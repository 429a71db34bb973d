#include <ostream>

#include "commands.hpp"
#include "file_output.hpp"
#include "signals.hpp"
#include "summary.hpp"
#include "watch.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

void use_threads(const Config& config) {
  if (!config.has("run.threads")) return;
  const Index count = config.integer("run.threads", 1);
  if (count > 1024) config.reject("run.threads", "a whole number from 1 to 1024");
  set_threads(static_cast<int>(count));
}

int command_run(const CommandLine& line, const Streams& streams) {
  if (line.words.size() != 2) throw UsageError("wpg run takes one case: wpg run CASE.ini [--section.key VALUE ...]");
  const Config config = Config::load(line.words[1], line.overrides);
  use_threads(config);
  for (const char* key : {"product.file", "product.columns"}) {
    if (config.has(key)) config.reject(key, "left out for wpg run: products are for wpg validate");
  }
  const SignalGuard guard;
  CasePlan plan = plan_case(config);
  if (line.dry_run) {
    streams.out << (line.json ? plan_json(plan, config.json()) : plan_text(plan, config.json()));
    return 0;
  }
  if (SignalGuard::caught() != 0) return 128 + SignalGuard::caught();
  RunResult result(plan.run.problem.initial);
  run_to_file(plan, config, watch(plan.run, line, streams), result);
  if (line.json) {
    streams.out << summary_json(plan, result);
  } else if (!line.quiet) {
    streams.out << summary_text(plan, result);
  }
  return result.stopped ? 128 + SignalGuard::caught() : 0;
}

}  // namespace wpg
