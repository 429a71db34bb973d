#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "wpg/grid.hpp"

namespace wpg {

/// Which parts of a two-dimensional grid are near certain cells, by blocks: those that have one of the cells and their
/// neighbours.
class NearCells {
 public:
  explicit NearCells(const Grid& grid);

  /// Near the cells (i, j) that are wanted(i, j). Returns whether there are any.
  template <class Wanted>
  bool update(const Wanted& wanted);
  /// Of a position in units of cells, which may lie outside: a block beyond the end is the last one, or the first one
  /// across the seam of a periodic axis.
  bool at(double x, double y) const {
    return blocks_[static_cast<std::size_t>(block(1, y) * counts_[0] + block(0, x))] != 0;
  }
  std::size_t memory() const { return blocks_.size(); }

 private:
  static constexpr Index side = 4;  ///< of a block, in cells

  Index block(int axis, double position) const;
  Index neighbour(int axis, Index block) const;
  template <class Wanted>
  bool any(const Wanted& wanted, Index column, Index row) const;
  void mark(Index column, Index row);

  std::array<Index, 2> cells_, counts_;
  std::array<bool, 2> periodic_;
  std::vector<unsigned char> blocks_;
};

template <class Wanted>
bool NearCells::any(const Wanted& wanted, Index column, Index row) const {
  const Index right = std::min((column + 1) * side, cells_[0]), top = std::min((row + 1) * side, cells_[1]);
  for (Index j = row * side; j < top; ++j) {
    for (Index i = column * side; i < right; ++i) {
      if (wanted(i, j)) return true;
    }
  }
  return false;
}

template <class Wanted>
bool NearCells::update(const Wanted& wanted) {
  std::fill(blocks_.begin(), blocks_.end(), static_cast<unsigned char>(0));
  bool found = false;
  for (Index row = 0; row < counts_[1]; ++row) {
    for (Index column = 0; column < counts_[0]; ++column) {
      if (!any(wanted, column, row)) continue;
      mark(column, row);
      found = true;
    }
  }
  return found;
}

}  // namespace wpg
