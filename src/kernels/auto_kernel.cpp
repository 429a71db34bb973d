#include "wpg/kernels/auto_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "line_symbol.hpp"
#include "line_transform.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// Nanoseconds per cell and axis of the truncated kernel; `spread` is sqrt(epsilon)/h. From the spread on at which it
/// passes through a coarser lattice the cost is the same.
double truncated_cost(double spread) { return 7.9 + 0.9 * std::min(spread, 6.5); }

/// The same for the FFT kernel: reading and writing the lines with exponentials and logarithms, and the transforms.
double fft_cost(const Axis& axis, double epsilon) {
  const Index length = LineSymbol::length_for(axis, epsilon);
  const double transforms = 0.3 * LineTransform::passes_worth(length);
  return 2.4 + transforms * static_cast<double>(length) / static_cast<double>(axis.cells);
}

/// On a line alone, a refusal costs up to a tenth of an application, and below this sqrt(epsilon)/h inputs of a JKO
/// step mostly are out of range.
constexpr double narrow_line = 2.0;

bool fft_is_cheaper(const Grid& grid, double epsilon) {
  if (grid.dimension() == 1 && std::sqrt(epsilon) < narrow_line * grid.axis(0).spacing()) return false;
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
