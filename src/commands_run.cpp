#include <filesystem>
#include <ostream>

#include "case_particles.hpp"
#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "summary.hpp"
#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/run_file.hpp"

namespace wpg {
namespace {

class FileOutput final : public RunOutput {
 public:
  FileOutput(RunFile file, const CasePlan& plan)
      : file_(std::move(file)), reference_(plan.reference), particles_(plan.particles) {}
  void write_snapshot(double time, const Field& rho) override {
    others_.clear();
    if (reference_) others_.push_back(reference_->at(time));
    if (!particles_) return file_.write_snapshot(time, rho, others_);
    const Particles& points = particles_->companion().points();
    others_.push_back(histogram(points, rho.grid));
    file_.write_snapshot(time, rho, others_, points);
  }
  void append_diagnostics(double time, std::span<const double> row) override { file_.append_diagnostics(time, row); }
  void close() { file_.close(); }

 private:
  RunFile file_;
  std::shared_ptr<ReferenceSolution> reference_;
  std::shared_ptr<ParticleRecord> particles_;
  std::vector<Field> others_;
};

FileOutput open_output(const CasePlan& plan, const Config& config) {
  std::error_code ignored;
  if (!config.flag("output.overwrite") && std::filesystem::exists(plan.file, ignored)) {
    throw IoError(plan.file + ": exists already, and output.overwrite is false");
  }
  RunHeader header{plan.name, version_text(), config.json(), static_cast<int>(config.integer("output.compression"))};
  if (plan.reference) header.fields = {{"reference", plan.reference->description()}};
  if (plan.particles) announce_particles(plan, header);
  return {RunFile(plan.file, header, plan.run.problem, plan.run.diagnostics), plan};
}

/// Shows the divergence from the target where there is one, else the energy.
RunHooks hooks_for(const CasePlan& plan, Progress& progress, const Streams& streams) {
  const bool has_target = plan.run.problem.target.has_value();
  const auto position = static_cast<std::size_t>(row_position(plan.run, has_target ? "kl" : "energy"));
  RunHooks hooks;
  hooks.stop = [] { return SignalGuard::caught() != 0; };
  hooks.progress = [&progress, &streams, has_target, position, warned = false](const StepView& view,
                                                                               std::span<const double> row) mutable {
    const JkoReport& jko = view.report.jko;
    if (!warned && jko.iterations > 0 && !jko.converged) {
      warned = true;
      progress.clear();
      streams.err << "wpg: warning: step " << view.step << " stopped short of jko.tolerance: certified L1 distance "
                  << shortest(jko.l1_bound, 3) << " (further ones are counted in the summary)\n";
    }
    progress.report(view.step, has_target ? "KL" : "energy", row[position]);
  };
  return hooks;
}

RunResult run_to_file(CasePlan& plan, const Config& config, Progress::Style style, const Streams& streams) {
  Progress progress(streams.err, style, plan.run.steps);
  FileOutput output = open_output(plan, config);
  try {
    RunResult result = run(plan.run, output, hooks_for(plan, progress, streams));
    output.close();
    progress.clear();
    return result;
  } catch (...) {
    progress.clear();
    throw;
  }
}

}  // namespace

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
  const auto style = line.quiet                ? Progress::Style::quiet
                     : streams.err_is_terminal ? Progress::Style::bar
                                               : Progress::Style::lines;
  const RunResult result = run_to_file(plan, config, style, streams);
  if (line.json) {
    streams.out << summary_json(plan, result);
  } else if (!line.quiet) {
    streams.out << summary_text(plan, result);
  }
  return result.stopped ? 128 + SignalGuard::caught() : 0;
}

}  // namespace wpg
