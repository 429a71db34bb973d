#pragma once
#include "case_plan.hpp"
#include "wpg/run_file.hpp"

namespace wpg {

/// The result file of a run, with what a case records beside rho: reference, network, particles.
class FileOutput final : public RunOutput {
 public:
  /// IoError where the file cannot be created, or exists and output.overwrite is false.
  FileOutput(const CasePlan& plan, const Config& config);
  void write_snapshot(double time, const Field& rho) override;
  void append_diagnostics(double time, std::span<const double> row) override;
  void close();

 private:
  std::shared_ptr<ReferenceSolution> reference_;
  std::shared_ptr<const Network> network_;
  std::shared_ptr<ParticleRecord> particles_;
  std::vector<Field> others_;
  RunFile file_;
};

/// IoError if the file exists and output.overwrite is false.
void refuse_existing(const std::string& file, const Config& config);

/// Runs a planned case and writes its result file.
void run_to_file(CasePlan& plan, const Config& config, const RunHooks& hooks, RunResult& result);

}  // namespace wpg
