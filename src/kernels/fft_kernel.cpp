#include "wpg/kernels/fft_kernel.hpp"

#include <cmath>
#include <sstream>

#include "kernels/fft_accuracy.hpp"
#include "kernels/fft_plan.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {

FftKernel::FftKernel(const Grid& grid, double epsilon, double accuracy)
    : plan_(std::make_unique<FftPlan>(grid, checked_variance("epsilon", epsilon), checked_accuracy(accuracy))) {}
FftKernel::~FftKernel() = default;
FftKernel::FftKernel(FftKernel&&) noexcept = default;

bool FftKernel::try_apply_log(const Values& in, Values& out) const {
  FftPlan::Pass pass;
  return plan_->apply_log(in, out, pass, true);
}

void FftKernel::apply_log(const Values& in, Values& out) const {
  FftPlan::Pass pass;
  if (plan_->apply_log(in, out, pass, false)) return;
  std::ostringstream line;
  if (std::isnan(pass.ratio)) {
    line << "fft kernel: the input holds a value that is not a number or +infinity";
  } else {
    line << "fft kernel: along axis " << pass.axis << " the results fall to " << pass.ratio
         << " of the largest input, and below " << 1.0 / range_limit() << " the relative error would exceed "
         << plan_->accuracy << " (use kernel = truncated or auto)";
  }
  throw KernelRangeError(line.str());
}

void FftKernel::apply(const Values& in, Values& out) const { plan_->apply(in, out); }

double FftKernel::range_limit() const { return plan_->range_limit(); }

std::size_t FftKernel::memory() const { return plan_->memory(); }

}  // namespace wpg
