#include "file_output.hpp"

#include <filesystem>

#include "case_network.hpp"
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
    : reference_(plan.reference), network_(plan.run.problem.network), file_(created(plan, config)) {}

void FileOutput::write_snapshot(double time, const Field& rho) {
  std::span<const Field> others;
  if (reference_) others = std::span(&reference_->at(time), 1);
  std::vector<Values> curves;
  if (network_) curves.push_back(network_->fit(rho));
  file_.write_snapshot(time, rho, others, curves);
}

void FileOutput::append_diagnostics(double time, std::span<const double> row) { file_.append_diagnostics(time, row); }

void FileOutput::close() { file_.close(); }

void run_to_file(CasePlan& plan, const Config& config, const RunHooks& hooks, RunResult& result) {
  FileOutput output(plan, config);
  run(plan.run, output, hooks, result);
  output.close();
}

}  // namespace wpg
