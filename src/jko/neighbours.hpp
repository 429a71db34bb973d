#pragma once
#include <algorithm>

#include "wpg/grid.hpp"

namespace wpg {

/// Distances in memory to where second differences along an axis are taken for a cell.
struct Neighbours {
  Index shift;         ///< from the cell to the middle one
  Index lower, upper;  ///< from there to the outer ones
};

/// At a wall the differences are those of the neighbour, since the mirror image's kink in log q is no conditional
/// variance.
inline Neighbours neighbours(const Grid& grid, int axis, Index cell) {
  const Index n = grid.axis(axis).cells;
  const Index stride = grid.stride(axis);
  if (grid.axis(axis).boundary == Boundary::periodic) {
    return {0, cell > 0 ? -stride : (n - 1) * stride, cell + 1 < n ? stride : -(n - 1) * stride};
  }
  return {(std::clamp<Index>(cell, 1, n - 2) - cell) * stride, -stride, stride};
}

}  // namespace wpg
