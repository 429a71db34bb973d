#include "wpg/kernels/truncated_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "bundles.hpp"
#include "kernels/truncated_line.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

class TruncatedKernel::AxisPass {
 public:
  AxisPass(const Grid& grid, int axis, double epsilon) : bundles_(grid, axis), line_(grid.axis(axis), epsilon) {}

  void apply(const double* in, double* out) const {
    parallel_sweep(bundles_.count(), bundles_.cells(), [&](Index bundle) {
      thread_local TruncatedLine::Workspace work;
      line_.prepare(work);
      bundles_.gather(in, bundle, work.in.data());
      line_.apply(work);
      bundles_.scatter(work.out.data(), bundle, out);
    });
  }

 private:
  Bundles bundles_;
  TruncatedLine line_;
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

}  // namespace wpg
