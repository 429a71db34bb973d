#include "wpg/kernels/either_fft_kernel.hpp"

#include <cmath>

namespace wpg {

EitherFftKernel::EitherFftKernel(const Grid& grid, double epsilon, Use use) {
  if (use.plain) plain_.emplace(grid, epsilon);
  if (use.tilted && TiltedFftKernel::serves(grid, epsilon)) tilted_.emplace(grid, epsilon);
}

bool EitherFftKernel::try_plain(const QuadraticFit* fit, const Values& in, Values& out) const {
  if (!plain_) return false;
  // Sums of a remainder of this range lie within it, so that the plain kernel would not serve.
  if (fit != nullptr && tilted_->log_ratio(*fit) - fit->range > std::log(plain_->range_limit())) return false;
  if (!plain_->try_apply_log(in, out)) return false;
  name_ = plain_->name();
  return true;
}

bool EitherFftKernel::try_apply_log(const Values* masses, const Values& in, Values& out) const {
  if (!tilted_) return try_plain(nullptr, in, out);
  const QuadraticFit fit = tilted_->fit(in);
  if (try_plain(&fit, in, out)) return true;
  if (!tilted_->expects(fit, masses, in) || !tilted_->try_apply_log(fit, masses, in, out)) return false;
  name_ = tilted_->name();
  return true;
}

/// What refuses says why; the tilted kernel has the last word, since it serves more.
void EitherFftKernel::apply(const Values* masses, const Values& in, Values& out) const {
  if (try_apply_log(masses, in, out)) return;
  if (tilted_) {
    masses == nullptr ? tilted_->apply_log(in, out) : tilted_->apply_log_where(*masses, in, out);
    name_ = tilted_->name();
    return;
  }
  if (!plain_) throw KernelRangeError("fft kernel: neither a plain nor a tilted one is to be tried");
  // A trial gives up sooner than an application.
  plain_->apply_log(in, out);
  name_ = plain_->name();
}

void EitherFftKernel::apply_log(const Values& in, Values& out) const { apply(nullptr, in, out); }

void EitherFftKernel::apply_log_where(const Values& masses, const Values& in, Values& out) const {
  apply(&masses, in, out);
}

}  // namespace wpg
