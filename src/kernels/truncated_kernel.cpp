#include "wpg/kernels/truncated_kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "bundles.hpp"
#include "kernels/truncated_factors.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

class TruncatedKernel::AxisPass {
 public:
  AxisPass(const Grid& grid, int axis, double epsilon)
      : bundles_(grid, axis), factors_(truncated_factors(grid.axis(axis), epsilon)) {}

  void apply(const double* in, double* out) const {
    parallel_sweep(bundles_.count(), bundles_.cells(), [&](Index bundle) {
      thread_local std::array<TruncatedLine::Workspace, 2> work;
      for (std::size_t k = 0; k < factors_.size(); ++k) factors_[k].prepare(work[k]);
      bundles_.gather(in, bundle, work[0].in.data());
      factors_[0].apply(work[0]);
      if (factors_.size() == 2) {
        std::copy_n(work[0].out.begin(), factors_[1].inputs(), work[1].in.begin());
        factors_[1].apply(work[1]);
      }
      bundles_.scatter(work[factors_.size() - 1].out.data(), bundle, out);
    });
  }

  std::size_t memory() const {
    std::size_t bytes = 0;
    for (const TruncatedLine& factor : factors_) bytes += factor.memory();
    return bytes;
  }

 private:
  Bundles bundles_;
  std::vector<TruncatedLine> factors_;
};

TruncatedKernel::TruncatedKernel(const Grid& grid, double epsilon, int axes) {
  const int used = std::min(axes, grid.dimension());
  double h = 0.0;
  for (int k = 0; k < used; ++k) h = std::max(h, grid.axis(k).spacing());
  if (!(epsilon >= 0.3 * h * h) || !std::isfinite(epsilon)) {
    throw InvalidValue("epsilon", std::to_string(epsilon),
                       "finite and at least 0.3 h^2 = " + std::to_string(0.3 * h * h));
  }
  for (int k = 0; k < used; ++k) passes_.emplace_back(grid, k, epsilon);
}

TruncatedKernel::~TruncatedKernel() = default;

void TruncatedKernel::apply_log(const Values& in, Values& out) const {
  const double* from = in.data();
  for (const AxisPass& pass : passes_) {
    pass.apply(from, out.data());
    from = out.data();
  }
}

std::size_t TruncatedKernel::memory() const {
  std::size_t bytes = 0;
  for (const AxisPass& pass : passes_) bytes += pass.memory();
  return bytes;
}

}  // namespace wpg
