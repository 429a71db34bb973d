#pragma once
#include <cstdint>
#include <vector>

#include "jko/conductivity.hpp"

namespace wpg {

/// The cells beside seams of log q on a two-dimensional grid, numbered row by row: those where S exceeds a neighbour's
/// by much, be the ridge narrower than a cell, a few cells wide or half of one at a wall, and within two of them. Links
/// are wrong there by the hops that mass takes, not only in the cells that two sources share.
class SeamCells {
 public:
  static constexpr std::int32_t elsewhere = -1;

  explicit SeamCells(const Grid& grid);

  void find(const Conductivity& conductivity);
  void clear() { cells_.clear(); }
  /// In the order of their numbers; at most half of all, the room that there is.
  const std::vector<std::int32_t>& cells() const { return cells_; }
  std::size_t room() const { return cells_.capacity(); }
  /// Of every cell of the grid, or `elsewhere`.
  const std::vector<std::int32_t>& numbers() const { return numbers_; }
  std::size_t memory() const { return (numbers_.size() + cells_.capacity()) * sizeof(std::int32_t); }

 private:
  void widen();
  std::size_t inside(Index column, Index row) const;

  Grid grid_;
  std::vector<std::int32_t> numbers_, cells_;
};

}  // namespace wpg
