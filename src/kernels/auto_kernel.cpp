#include "wpg/kernels/auto_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/tilted_line.hpp"
#include "line_convolution.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// Nanoseconds per cell and axis of the truncated kernel, without the final logarithm. Its sums have about 17
/// sqrt(epsilon)/h terms, at most those of the line; wide ones pass through a coarser lattice at a cost that is the
/// same for all.
double truncated_cost(const Axis& axis, double epsilon) {
  const double spread = std::sqrt(epsilon) / axis.spacing();
  return spread < 7.5 ? 3.4 + 0.5 * std::min(spread, static_cast<double>(axis.cells) / 17.0) : 8.0;
}

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
  const auto length = static_cast<double>(LineConvolution::length_for(axis, epsilon));
  const double transforms = (0.8 + 0.13 * std::log2(length)) * transform_penalty(static_cast<Index>(length));
  return 2.4 + transforms * length / static_cast<double>(axis.cells);
}

/// The same for the tilted FFT kernel, with its fit and its reading between cells. Its lengths have small factors.
double tilted_cost(const Axis& axis, double epsilon) {
  const Index length = TiltedLine::length_for(axis.cells, epsilon / (axis.spacing() * axis.spacing()));
  return 3.4 + static_cast<double>(length) / static_cast<double>(axis.cells);
}

/// Whether a back-end of this cost per cell and axis is cheaper than the truncated kernel.
bool is_cheaper(const Grid& grid, double epsilon, double (*cost)(const Axis&, double)) {
  double difference = 0.0;
  for (const Axis& axis : grid.axes()) {
    difference += truncated_cost(axis, epsilon) - cost(axis, epsilon);
  }
  return difference > 0.0;
}

}  // namespace

AutoKernel::AutoKernel(const Grid& grid, double epsilon)
    : truncated_(grid, checked_variance("epsilon", epsilon)),
      fft_(grid, epsilon, {is_cheaper(grid, epsilon, fft_cost), is_cheaper(grid, epsilon, tilted_cost)}) {}

void AutoKernel::apply(const Values* masses, const Values& in, Values& out) const {
  if (fft_.try_apply_log(masses, in, out)) {
    name_ = fft_.name();
    return;
  }
  truncated_.apply_log(in, out);
  name_ = truncated_.name();
}

void AutoKernel::apply_log(const Values& in, Values& out) const { apply(nullptr, in, out); }

void AutoKernel::apply_log_where(const Values& masses, const Values& in, Values& out) const { apply(&masses, in, out); }

}  // namespace wpg
