#include "wpg/kernels/auto_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/tilted_line.hpp"
#include "line_symbol.hpp"
#include "line_transform.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// Nanoseconds per cell and axis of the truncated kernel. Its sums have about 17 sqrt(epsilon)/h terms, at most those
/// of the line; wide ones pass through a coarser lattice at a cost that is the same for all.
double truncated_cost(const Axis& axis, double epsilon) {
  const double spread = std::sqrt(epsilon) / axis.spacing();
  return spread < 7.5 ? 7.9 + 0.9 * std::min(spread, static_cast<double>(axis.cells) / 17.0) : 15.0;
}

/// The same for the FFT kernel: reading and writing the lines with exponentials and logarithms, and the transforms.
double fft_cost(const Axis& axis, double epsilon) {
  const Index length = LineSymbol::length_for(axis, epsilon);
  const double transforms = 0.3 * LineTransform::passes_worth(length);
  return 2.4 + transforms * static_cast<double>(length) / static_cast<double>(axis.cells);
}

/// The same for the tilted FFT kernel, with its fit and its reading between cells.
double tilted_cost(const Axis& axis, double epsilon) {
  const Index length = TiltedLine::length_for(axis.cells, epsilon / (axis.spacing() * axis.spacing()));
  return 7.5 + 2.2 * static_cast<double>(length) / static_cast<double>(axis.cells);
}

/// On a line alone, a refusal costs up to a tenth of an application, and below this sqrt(epsilon)/h inputs of a JKO
/// step mostly are out of range.
constexpr double narrow_line = 2.0;

/// Whether a back-end of this cost per cell and axis is expected to be cheaper than the truncated kernel.
bool is_cheaper(const Grid& grid, double epsilon, double (*cost)(const Axis&, double)) {
  if (grid.dimension() == 1 && std::sqrt(epsilon) < narrow_line * grid.axis(0).spacing()) return false;
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
