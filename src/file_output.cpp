#include "file_output.hpp"

#include <filesystem>

#include "case_network.hpp"
#include "case_particles.hpp"
#include "commands.hpp"
#include "wpg/energies/network.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

RunFile created(const CasePlan& plan, const Config& config) {
  refuse_existing(plan.file, config);
  RunHeader header{plan.name, version_text(), config.json(), static_cast<int>(config.integer("output.compression"))};
  if (plan.reference) header.fields = {{"reference", plan.reference->description()}};
  if (plan.run.problem.network) header.curves = {network_curve(*plan.run.problem.network)};
  if (plan.particles) announce_particles(plan, header);
  return {plan.file, header, plan.run.problem, plan.run.diagnostics};
}

}  // namespace

void refuse_existing(const std::string& file, const Config& config) {
  std::error_code ignored;
  if (!config.flag("output.overwrite") && std::filesystem::exists(file, ignored)) {
    throw IoError(file + ": exists already, and output.overwrite is false");
  }
}

FileOutput::FileOutput(const CasePlan& plan, const Config& config)
    : reference_(plan.reference),
      network_(plan.run.problem.network),
      particles_(plan.particles),
      file_(created(plan, config)) {}

void FileOutput::write_snapshot(double time, const Field& rho) {
  others_.clear();
  if (reference_) others_.push_back(reference_->at(time));
  std::vector<Values> curves;
  if (network_) curves.push_back(network_->fit(rho));
  if (!particles_) return file_.write_snapshot(time, rho, others_, curves);
  const Particles& points = particles_->companion().points();
  others_.push_back(histogram(points, rho.grid));
  file_.write_snapshot(time, rho, others_, curves, points);
}

void FileOutput::append_diagnostics(double time, std::span<const double> row) { file_.append_diagnostics(time, row); }

void FileOutput::close() { file_.close(); }

void run_to_file(CasePlan& plan, const Config& config, const RunHooks& hooks, RunResult& result) {
  FileOutput output(plan, config);
  run(plan.run, output, hooks, result);
  output.close();
}

}  // namespace wpg
