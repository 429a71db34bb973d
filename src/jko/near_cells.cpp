#include "jko/near_cells.hpp"

#include <algorithm>
#include <cmath>

namespace wpg {

NearCells::NearCells(const Grid& grid)
    : cells_{grid.axis(0).cells, grid.axis(1).cells},
      counts_{(cells_[0] + side - 1) / side, (cells_[1] + side - 1) / side},
      periodic_{grid.axis(0).boundary == Boundary::periodic, grid.axis(1).boundary == Boundary::periodic},
      blocks_(static_cast<std::size_t>(counts_[0] * counts_[1])) {}

Index NearCells::block(int axis, double position) const {
  const auto k = static_cast<std::size_t>(axis);
  const auto n = static_cast<double>(cells_[k]);
  const double inside = periodic_[k] ? position - n * std::floor(position / n) : position;
  return static_cast<Index>(std::min(std::max(0.0, inside), n - 1.0)) / side;  // no number: the first
}

/// A block, or one beside the first or the last.
Index NearCells::neighbour(int axis, Index block) const {
  const auto k = static_cast<std::size_t>(axis);
  return periodic_[k] ? (block + counts_[k]) % counts_[k] : std::clamp<Index>(block, 0, counts_[k] - 1);
}

void NearCells::mark(Index column, Index row) {
  for (Index j = row - 1; j <= row + 1; ++j) {
    for (Index i = column - 1; i <= column + 1; ++i) {
      blocks_[static_cast<std::size_t>(neighbour(1, j) * counts_[0] + neighbour(0, i))] = 1;
    }
  }
}

}  // namespace wpg
