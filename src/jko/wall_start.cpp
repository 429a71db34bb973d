#include "jko/wall_start.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>
#include <vector>

#include "jko/ridge.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Cells from a wall to where the transition begins and ends. Counts differ by 1.3 at most from 3 and 8 to 10 and 30.
constexpr Index transition_begins = 6;
constexpr Index transition_ends = 16;

/// Position along an axis of the first cell of a row along x.
Index position(const Grid& grid, int axis, Index row) {
  return row * grid.axis(0).cells / grid.stride(axis) % grid.axis(axis).cells;
}

/// Whether any of n cells from `q` on has a seam, by second differences between cells `stride` apart.
bool cells_have_seam(const double* q, Index n, Index stride, double scale) {
  for (Index i = 0; i < n; i += lanes) {
    const auto at = [&](Index cells) { return load_some(q + i + cells * stride, n - i, 0.0); };
    const auto curvature = [&](Index cells) { return scale * (at(cells + 1) - 2.0 * at(cells) + at(cells - 1)); };
    const Ridge ridge{curvature(0), min(curvature(-1), curvature(1))};
    if (any_seam(ridge, ridge)) return true;
  }
  return false;
}

bool row_has_ridge(const Grid& grid, double epsilon, const Values& log_q, Index row) {
  const Index n = grid.axis(0).cells;
  const double* const cells = log_q.data() + row * n;
  for (int k = 0; k < grid.dimension(); ++k) {
    const double scale = epsilon / (grid.axis(k).spacing() * grid.axis(k).spacing());
    const Index ends = k == 0 ? 2 : 0;
    const Index at = k == 0 ? 2 : position(grid, k, row);
    if (at < 2 || at + 2 >= grid.axis(k).cells) continue;
    if (cells_have_seam(cells + ends, n - 2 * ends, grid.stride(k), scale)) return true;
  }
  return false;
}

/// One near the walls of an axis and zero inside, by cell; zero everywhere unless they reflect.
std::vector<double> weights(const Axis& axis) {
  std::vector<double> weight(static_cast<std::size_t>(axis.cells), 0.0);
  if (axis.boundary != Boundary::reflecting) return weight;
  for (Index i = 0; i < axis.cells; ++i) {
    const Index cells = std::clamp(std::min(i, axis.cells - 1 - i), transition_begins, transition_ends);
    const double share = static_cast<double>(cells - transition_begins) / (transition_ends - transition_begins);
    weight[static_cast<std::size_t>(i)] = 0.5 * (1.0 + std::cos(std::numbers::pi * share));
  }
  return weight;
}

/// Calls visit(cell, weight) for the cells near reflecting walls, rows in parallel.
template <class Visit>
void for_cells_at_walls(const Grid& grid, const Visit& visit) {
  std::vector<std::vector<double>> weight;
  for (const Axis& axis : grid.axes()) weight.push_back(weights(axis));
  const Index n = grid.axis(0).cells;
  parallel_sweep(grid.size() / n, grid.size(), [&](Index row) {
    double outer = 0.0;
    for (int k = 1; k < grid.dimension(); ++k) {
      outer = std::max(outer, weight[static_cast<std::size_t>(k)][static_cast<std::size_t>(position(grid, k, row))]);
    }
    for (Index i = 0; i < n; ++i) {
      const double share = std::max(outer, weight[0][static_cast<std::size_t>(i)]);
      if (share > 0.0) visit(row * n + i, share);
    }
  });
}

}  // namespace

bool has_ridge(const Grid& grid, double epsilon, const Values& log_q) {
  std::atomic<bool> found = false;
  parallel_sweep(grid.size() / grid.axis(0).cells, grid.size(), [&](Index row) {
    if (!found && row_has_ridge(grid, epsilon, log_q, row)) found = true;
  });
  return found;
}

bool has_mass_at_walls(const Grid& grid, const Values& nu) {
  std::atomic<bool> empty = false;
  std::atomic<bool> walls = false;
  for_cells_at_walls(grid, [&](Index cell, double) {
    if (!walls) walls = true;
    if (!(nu[cell] > 0.0)) empty = true;
  });
  return walls && !empty;
}

void blend_at_walls(const Grid& grid, const Values& at_walls, Values& lambda) {
  for_cells_at_walls(grid, [&](Index cell, double share) { lambda[cell] += share * (at_walls[cell] - lambda[cell]); });
}

}  // namespace wpg
