#include "wpg/kernels/auto_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "line_symbol.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// Nanoseconds per cell and axis of the truncated kernel, without the final logarithm; `spread` is sqrt(epsilon)/h.
/// From the spread on at which it passes through a coarser lattice the cost is the same.
double truncated_cost(double spread) { return 3.4 + 0.5 * std::min(spread, 6.0); }

/// Time per point of a transform relative to a power of two.
double transform_penalty(Index length) {
  for (const Index factor : {2, 5}) {
    while (length % factor == 0) length /= factor;
  }
  if (length == 1) return 1.0;
  for (const Index factor : {3, 7, 11, 13}) {
    while (length % factor == 0) length /= factor;
  }
  // Larger prime factors go through convolutions of more than twice the length.
  return length == 1 ? 2.0 : 6.0;
}

/// The same for the FFT kernel: moving and packing the lines, and a forward and a backward transform.
double fft_cost(const Axis& axis, double epsilon) {
  const auto length = static_cast<double>(LineSymbol::length_for(axis, epsilon));
  const double transforms = (0.8 + 0.13 * std::log2(length)) * transform_penalty(static_cast<Index>(length));
  return 2.4 + transforms * length / static_cast<double>(axis.cells);
}

bool fft_is_cheaper(const Grid& grid, double epsilon) {
  double difference = 0.0;
  for (const Axis& axis : grid.axes()) {
    difference += truncated_cost(std::sqrt(epsilon) / axis.spacing()) - fft_cost(axis, epsilon);
  }
  return difference > 0.0;
}

}  // namespace

AutoKernel::AutoKernel(const Grid& grid, double epsilon) : truncated_(grid, checked_variance("epsilon", epsilon)) {
  if (fft_is_cheaper(grid, epsilon)) fft_.emplace(grid, epsilon);
}

void AutoKernel::apply_log(const Values& in, Values& out) const {
  if (fft_ && fft_->try_apply_log(in, out)) {
    name_ = fft_->name();
    return;
  }
  truncated_.apply_log(in, out);
  name_ = truncated_.name();
}

}  // namespace wpg
