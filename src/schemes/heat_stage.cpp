#include "wpg/schemes/heat_stage.hpp"

#include "wpg/kernels/sampled_gaussian.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Sets negative values to zero, keeps the sum, and returns the share of it that was clipped.
double clip(Values& rho) {
  const double negative = blockwise_sum(
      rho.size(), [&](Index begin, Index end) { return -rho.segment(begin, end - begin).min(0.0).sum(); });
  if (negative == 0.0) return 0.0;
  const double total =
      blockwise_sum(rho.size(), [&](Index begin, Index end) { return rho.segment(begin, end - begin).sum(); });
  const double scale = total / (total + negative);
  parallel_blocks(rho.size(), [&](Index begin, Index end) {
    auto part = rho.segment(begin, end - begin);
    part = part.max(0.0) * scale;
  });
  return negative / total;
}

}  // namespace

HeatStage::HeatStage(const Grid& grid, double variance) : kernel_(grid, checked_variance("variance", variance)) {}

void HeatStage::apply(Field& rho, StepReport& report) {
  kernel_.apply(rho.values, rho.values);
  report.transport.limited_mass += clip(rho.values);
}

}  // namespace wpg
