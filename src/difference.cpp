#include "wpg/difference.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Where the values of a difference come from, and their weights.
struct Stencil {
  std::array<Index, 4> cells;
  std::array<double, 4> weights;
};

/// The cell that stands for number i, one or two beyond an end at most.
Index inside(Index i, Index n, bool periodic) {
  if (periodic) return (i + n) % n;
  return i < 0 ? -1 - i : (i >= n ? 2 * n - 1 - i : i);
}

Stencil stencil(Index i, Index n, bool periodic, Ends ends) {
  const bool middle = i >= 2 && i + 2 < n;
  if (middle || periodic || ends == Ends::mirrored) {
    const auto at = [&](Index k) { return inside(i + k, n, periodic); };
    return {{at(-2), at(-1), at(1), at(2)}, {1.0, -8.0, 8.0, -1.0}};
  }
  const bool upper = 2 * i >= n;
  const Index from_end = upper ? n - 1 - i : i;
  Stencil s{{0, 1, 2, 3}, {-4.0, -6.0, 12.0, -2.0}};
  if (from_end == 0) s.weights = {-22.0, 36.0, -18.0, 4.0};
  if (!upper) return s;
  for (Index& cell : s.cells) cell = n - 1 - cell;
  for (double& weight : s.weights) weight = -weight;
  return s;
}

}  // namespace

void difference(const Grid& grid, int axis, Ends ends, const Values& in, double scale, Values& out) {
  const Axis& along = grid.axis(axis);
  const Index n = along.cells;
  const Index stride = grid.stride(axis);
  const bool periodic = along.boundary == Boundary::periodic;
  const double factor = scale / (12.0 * along.spacing());
  // Of one row of `stride` neighbouring cells at a time.
  const auto difference_row = [&](Index row) {
    const Index i = row % n;
    const Stencil s = stencil(i, n, periodic, ends);
    const double* const run = in.data() + (row - i) * stride;
    const double* const a = run + s.cells[0] * stride;
    const double* const b = run + s.cells[1] * stride;
    const double* const c = run + s.cells[2] * stride;
    const double* const d = run + s.cells[3] * stride;
    const auto [wa, wb, wc, wd] = s.weights;
    double* const to = out.data() + row * stride;
    // Opposite weights are paired, so that a constant has the difference zero.
    for (Index k = 0; k < stride; ++k) {
      to[k] = factor *
              ((wc * (c[k] - b[k]) + wd * (d[k] - a[k])) + ((wb + wc) * (b[k] - a[k]) + (wa + wb + wc + wd) * a[k]));
    }
  };
  const Index rows = grid.size() / stride;
  const Index rows_per_block = std::max<Index>(1, cells_per_block / stride);
  parallel_for((rows + rows_per_block - 1) / rows_per_block,
               [&](Index block) {
                 const Index end = std::min(rows, (block + 1) * rows_per_block);
                 for (Index row = block * rows_per_block; row < end; ++row) difference_row(row);
               },
               fewest_blocks);
}

double laplacian_bound(const Grid& grid) {
  double bound = 0.0;
  for (const Axis& axis : grid.axes()) bound += 2.6 / std::pow(axis.spacing(), 2);
  return bound;
}

}  // namespace wpg
