#pragma once
#include <vector>

#include "jko/bordered.hpp"

namespace wpg {

/// Which parts of a two-dimensional grid are near certain cells, by blocks: those that have one of the cells and their
/// neighbours.
class NearCells {
 public:
  explicit NearCells(const Grid& grid);

  /// Near the cells where `wanted` is positive. Returns whether there are any.
  bool update(const Bordered& wanted);
  /// Of a position in units of cells, which may lie outside: a block beyond the end is the last one, or the first one
  /// across the seam of a periodic axis.
  bool at(double x, double y) const {
    return blocks_[static_cast<std::size_t>(block(1, y) * counts_[0] + block(0, x))] != 0;
  }
  /// Of any cell of a row.
  bool row(Index j) const { return rows_[static_cast<std::size_t>(j / side)] != 0; }
  std::size_t memory() const { return blocks_.size() + rows_.size(); }

 private:
  static constexpr Index side = 4;  ///< of a block, in cells

  Index block(int axis, double position) const;
  Index neighbour(int axis, Index block) const;
  bool any(const Bordered& wanted, Index column, Index row) const;
  void mark(Index column, Index row);

  std::array<Index, 2> cells_, counts_;
  std::array<bool, 2> periodic_;
  std::vector<unsigned char> blocks_, rows_;
};

}  // namespace wpg
