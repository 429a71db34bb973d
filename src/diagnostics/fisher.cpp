#include <array>
#include <cmath>

#include "wpg/diagnostics/fisher.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// A line of cells of two fields.
struct Line {
  const double* rho;
  const double* potential;
  Index stride;
  Index cells;

  Index wrapped(Index i) const { return (i + cells) % cells * stride; }
  /// Whether the potential is finite in `reach` cells on either side of the face before cell `i`.
  bool finite(Index i, Index reach) const {
    for (Index k = -reach; k < reach; ++k) {
      if (!std::isfinite(potential[wrapped(i + k)])) return false;
    }
    return true;
  }
};

/// Weights of the pairs of cells around a face, nearest first: of a difference and of a mean.
struct Stencil {
  Index reach;
  std::array<double, 3> difference, mean;
};
constexpr Stencil second_order = {1, {1.0, 0.0, 0.0}, {0.5, 0.0, 0.0}};
constexpr Stencil sixth_order = {
    3, {2250.0 / 1920.0, -125.0 / 1920.0, 9.0 / 1920.0}, {150.0 / 256.0, -25.0 / 256.0, 3.0 / 256.0}};

/// grad w + w grad V/2 at the face before cell `i`, times the spacing, where w = sqrt(rho).
double flux(const Line& line, Index i, const Stencil& stencil) {
  double slope = 0.0, value = 0.0, drift = 0.0;
  for (Index k = 0; k < stencil.reach; ++k) {
    const Index before = line.wrapped(i - 1 - k), after = line.wrapped(i + k);
    const double low = std::sqrt(line.rho[before]), high = std::sqrt(line.rho[after]);
    const auto at = static_cast<std::size_t>(k);
    slope += stencil.difference[at] * (high - low);
    value += stencil.mean[at] * (high + low);
    drift += stencil.difference[at] * (line.potential[after] - line.potential[before]);
  }
  return slope + 0.5 * value * drift;
}

double line_sum(const Line& line, bool periodic) {
  double sum = 0.0;
  for (Index face = periodic ? 0 : 1; face < line.cells; ++face) {
    if (!line.finite(face, 1)) continue;
    const bool wide = line.cells >= 6 && (periodic || (face >= 3 && face + 3 <= line.cells)) && line.finite(face, 3);
    const double d = flux(line, face, wide ? sixth_order : second_order);
    sum += d * d;
  }
  return sum;
}

}  // namespace

FisherInformation::FisherInformation(const Problem& problem) : potential_(problem.grid) {
  if (problem.nonsmooth) potential_ = nonsmooth_field(problem.grid, *problem.nonsmooth);
  if (!problem.potential) return;
  potential_.values += sample(problem.grid, [&](const Point& x) { return problem.potential->value(x); }).values;
}

double FisherInformation::operator()(const Field& rho) const {
  double sum = 0.0;
  for (int k = 0; k < rho.grid.dimension(); ++k) sum += along(k, rho);
  return sum;
}

double FisherInformation::along(int axis, const Field& rho) const {
  const Lines all = lines(rho.grid, axis);
  const Axis& along = rho.grid.axis(axis);
  double* const partial = partial_sums(all.count);
  parallel_sweep(all.count, rho.grid.size(), [&](Index l) {
    const Index first = all.first(l);
    const Line line{rho.values.data() + first, potential_.values.data() + first, all.stride, all.length};
    partial[l] = line_sum(line, along.boundary == Boundary::periodic);
  });
  double total = 0.0;
  for (Index l = 0; l < all.count; ++l) total += partial[l];
  return 4.0 * total * rho.grid.cell_volume() / (along.spacing() * along.spacing());
}

}  // namespace wpg
