#include "wpg/kernels/auto_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/tilted_line.hpp"
#include "line_symbol.hpp"
#include "line_transform.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// Nanoseconds per cell and axis of the truncated kernel on a box, measured with AVX-512; with AVX2 the FFT kernels
/// take twice as long, this one up to two and a half times, so that the choice errs on its side. Its sums have about
/// 17 sqrt(epsilon)/h terms, at most those of the line; wide ones pass through a coarser lattice at a cost that is the
/// same for all.
double truncated_cost(const Axis& axis, double epsilon) {
  const double spread = std::sqrt(epsilon) / axis.spacing();
  return spread < 7.5 ? 2.7 + 0.33 * std::min(spread, static_cast<double>(axis.cells) / 17.0) : 5.2;
}

/// The same for transforms of this length, forward and backward.
double transform_cost(const Axis& axis, Index length) {
  return 0.13 * LineTransform::passes_worth(length) * static_cast<double>(length) / static_cast<double>(axis.cells);
}

/// The same for the FFT kernel: reading and writing the lines with exponentials and logarithms, and the transforms.
double fft_cost(const Axis& axis, double epsilon) {
  return 1.1 + transform_cost(axis, LineSymbol::length_for(axis, epsilon));
}

/// The same for the tilted FFT kernel, with its reading between cells; its fit and estimate are extra.
double tilted_cost(const Axis& axis, double epsilon) {
  return 1.7 + transform_cost(axis, TiltedLine::length_for(axis.cells, epsilon / (axis.spacing() * axis.spacing())));
}

/// The sum of a cost over the axes of a box. A line alone has no neighbours to share instructions with: then costs are
/// so many times higher.
double total(const Grid& grid, double epsilon, double (*cost)(const Axis&, double), double alone) {
  double sum = 0.0;
  for (const Axis& axis : grid.axes()) sum += cost(axis, epsilon);
  return grid.dimension() == 1 ? alone * sum : sum;
}

double truncated_total(const Grid& grid, double epsilon) { return total(grid, epsilon, truncated_cost, 7.5); }

/// On a line alone, a refusal costs up to a tenth of an application, and below this sqrt(epsilon)/h inputs of a JKO
/// step mostly are out of range.
constexpr double narrow_line = 2.0;

/// Whether an FFT is expected to be cheaper than the truncated kernel.
bool try_plain(const Grid& grid, double epsilon) {
  if (grid.dimension() == 1 && std::sqrt(epsilon) < narrow_line * grid.axis(0).spacing()) return false;
  return total(grid, epsilon, fft_cost, 3.5) < truncated_total(grid, epsilon);
}

/// The same for a tilted FFT, where every second input is refused after fit and estimate.
bool try_tilted(const Grid& grid, double epsilon) {
  constexpr double fit_and_estimate = 13000.0;  // nanoseconds; longer on large boxes, where it does not count
  const double extra = 2.0 * fit_and_estimate / static_cast<double>(grid.size());
  return total(grid, epsilon, tilted_cost, 8.0) + extra < truncated_total(grid, epsilon);
}

}  // namespace

AutoKernel::AutoKernel(const Grid& grid, double epsilon)
    : truncated_(grid, checked_variance("epsilon", epsilon)),
      fft_(grid, epsilon, {try_plain(grid, epsilon), try_tilted(grid, epsilon)}) {}

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
