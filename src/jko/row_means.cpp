#include "jko/row_means.hpp"

namespace wpg {
namespace {

/// The potential beyond the end of a line: mirrored at a wall, where its slope vanishes, wrapped, or continued.
double beyond(Boundary boundary, double last, double before, double other_end) {
  switch (boundary) {
    case Boundary::periodic:
      return other_end;
    case Boundary::free:
      return 2.0 * last - before;
    case Boundary::reflecting:
      break;
  }
  return last;
}

}  // namespace

RowMeans::RowMeans(const Grid& grid, double epsilon) : grid_(grid) {
  for (int k = 0; k < 2; ++k) {
    scale_[static_cast<std::size_t>(k)] = epsilon / (grid.axis(k).spacing() * grid.axis(k).spacing());
  }
}

void RowMeans::take(const Values& log_potential, Index j, double* x, double* y) const {
  const Index n = grid_.axis(0).cells, m = grid_.axis(1).cells;
  const bool wraps = grid_.axis(1).boundary == Boundary::periodic;
  const double* const q = log_potential.data() + j * n;
  const double* const below = log_potential.data() + (j > 0 ? j - 1 : (wraps ? m - 1 : 0)) * n;
  const double* const above = log_potential.data() + (j + 1 < m ? j + 1 : (wraps ? 0 : m - 1)) * n;
  const bool one_sided = grid_.axis(1).boundary == Boundary::free && (j == 0 || j + 1 == m);
  const double slope_x = 0.5 * scale_[0], slope_y = (one_sided ? 1.0 : 0.5) * scale_[1];
  for (Index i = 1; i + 1 < n; ++i) x[i] = static_cast<double>(i) + slope_x * (q[i + 1] - q[i - 1]);
  x[0] = slope_x * (q[1] - beyond(grid_.axis(0).boundary, q[0], q[1], q[n - 1]));
  x[n - 1] =
      static_cast<double>(n - 1) + slope_x * (beyond(grid_.axis(0).boundary, q[n - 1], q[n - 2], q[0]) - q[n - 2]);
  for (Index i = 0; i < n; ++i) y[i] = static_cast<double>(j) + slope_y * (above[i] - below[i]);
}

}  // namespace wpg
