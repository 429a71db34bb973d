#include <algorithm>
#include <cmath>

#include "wpg/run.hpp"

namespace wpg {

void Tally::add(double value) {
  total += value;
  least = std::min(least, value);
  most = std::max(most, value);
}

void RunTotals::add(const StepReport& report) {
  clamped_mass += report.transport.clamped_mass;
  limited_mass += report.transport.limited_mass;
  if (report.transport.substeps > 0) substeps.add(report.transport.substeps);
  if (report.jko.iterations == 0) return;
  iterations.add(report.jko.iterations);
  kernel_applications.add(report.jko.kernel_applications);
  largest_l1_bound = std::max(largest_l1_bound, report.jko.l1_bound);
  largest_gap = std::max(largest_gap, report.jko.gap);
  largest_mass_defect = std::max(largest_mass_defect, std::abs(report.jko.mass_defect));
  unconverged += report.jko.converged ? 0 : 1;
  epsilon = report.jko.epsilon;
  if (std::find(kernels.begin(), kernels.end(), report.jko.kernel) == kernels.end()) {
    kernels.push_back(report.jko.kernel);
  }
}

Index row_position(const RunPlan& plan, const std::string& diagnostic) {
  Index position = 0;
  for (const Diagnostic& d : plan.diagnostics) {
    if (d.name == diagnostic) return position;
    position += d.size(plan.problem.grid.dimension());
  }
  return -1;
}

std::size_t memory_estimate(const RunPlan& plan) {
  const std::size_t field = static_cast<std::size_t>(plan.problem.grid.size()) * sizeof(double);
  const std::size_t targets = plan.problem.target ? 2 : 0;  // the problem's and that of the diagnostics
  std::size_t bytes = (4 + targets) * field;                // initial, rho, V at the cell centres for two diagnostics
  for (const auto& stage : plan.scheme.stages) bytes += stage->memory();
  for (const auto& energy : plan.problem.energies) bytes += energy->memory();
  return bytes;
}

}  // namespace wpg
