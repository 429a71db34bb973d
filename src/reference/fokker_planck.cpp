#include "wpg/reference/fokker_planck.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "admissible.hpp"
#include "axis_diffusion.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

Field sampled(const Grid& grid, const Potential* potential) {
  Field V(grid);
  if (potential == nullptr) return V;
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index cell = begin; cell < end; ++cell) V.values[cell] = potential->value(grid.center(cell));
  });
  for (Index cell = 0; cell < grid.size(); ++cell) {
    if (std::isfinite(V.values[cell])) continue;
    throw InvalidValue("V", written(V.values[cell]) + " at (" + written(grid.center(cell)) + ")", "finite on the grid");
  }
  return V;
}

/// Step lengths equal to rounding share a plan.
bool same_step(double a, double b) { return std::abs(a - b) <= 1e-10 * b; }

}  // namespace

struct FokkerPlanck::Plan {
  Plan(const Grid& grid, const Potential* potential, double largest)
      : V(sampled(grid, potential)), largest_step(largest) {}

  /// One step is the sweeps forth and, unless they commute, back: half a step of every axis but the last.
  void prepare(double step) {
    if (same_step(step, dt)) return;
    sweeps.clear();
    const int d = V.grid.dimension();
    for (int k = 0; k < d; ++k) sweeps.emplace_back(V, k, step);
    commute = std::all_of(sweeps.begin(), sweeps.end(), [](const auto& s) { return s.same_on_all_lines(); });
    for (int k = 0; k + 1 < d && !commute; ++k) sweeps[static_cast<std::size_t>(k)] = AxisDiffusion(V, k, 0.5 * step);
    dt = step;
  }

  Index step(Values& rho) const {
    Index first_order = 0;
    for (const AxisDiffusion& sweep : sweeps) first_order += sweep.apply(rho);
    for (std::size_t k = sweeps.size() - 1; k-- > 0 && !commute;) first_order += sweeps[k].apply(rho);
    return first_order;
  }

  Field V;
  double largest_step;
  double dt = 0.0;
  bool commute = false;
  std::vector<AxisDiffusion> sweeps;
};

FokkerPlanck::FokkerPlanck(const Grid& grid, const Potential* potential, double largest_step) {
  if (!(largest_step > 0.0)) throw InvalidValue("largest_step", written(largest_step), "positive");
  plan_ = std::make_unique<Plan>(grid, potential, largest_step);
}

FokkerPlanck::~FokkerPlanck() = default;
FokkerPlanck::FokkerPlanck(FokkerPlanck&&) noexcept = default;

FokkerPlanckReport FokkerPlanck::advance(Field& rho, double time) {
  if (!(time >= 0.0) || !std::isfinite(time)) throw InvalidValue("time", written(time), "nonnegative and finite");
  if (!(rho.grid == plan_->V.grid))
    throw InvalidValue("grid", "another grid", "the one that the solver was planned on");
  FokkerPlanckReport report;
  if (time == 0.0) return report;
  const double mass = integral(rho);
  if (!(mass > 0.0) || !std::isfinite(mass)) throw InvalidValue("mass", written(mass), "positive and finite");
  report.substeps = static_cast<Index>(std::max(1.0, std::ceil(time / plan_->largest_step * (1.0 - 1e-10))));
  plan_->prepare(time / static_cast<double>(report.substeps));
  for (Index k = 0; k < report.substeps; ++k) report.first_order_lines += plan_->step(rho.values);
  const double scale = mass / integral(rho);
  report.mass_defect = 1.0 / scale - 1.0;
  rho.values *= scale;
  return report;
}

std::size_t FokkerPlanck::factors_memory(const Grid& grid) {
  std::size_t bytes = 0;
  for (int k = 0; k < grid.dimension(); ++k) bytes += AxisDiffusion::most_memory(grid, k);
  return bytes;
}

std::size_t FokkerPlanck::memory() const {
  std::size_t bytes = static_cast<std::size_t>(plan_->V.values.size()) * sizeof(double);
  for (const AxisDiffusion& sweep : plan_->sweeps) bytes += sweep.memory();
  return bytes;
}

}  // namespace wpg
