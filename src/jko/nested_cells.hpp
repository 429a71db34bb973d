#pragma once
#include <array>

#include "wpg/grid.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

/// A cell of the coarser of two nested grids.
struct NestedCell {
  Index coarse;
  std::array<Index, 3> at;
  Index fine;  ///< of its children the one of the lowest number
};

/// Two grids on the same box, of which the finer one has as many cells along an axis as the coarser one or twice as
/// many.
class NestedCells {
 public:
  NestedCells(const Grid& fine, const Grid& coarse) : fine_(fine), coarse_(coarse) {
    for (int k = 0; k < fine.dimension(); ++k) {
      const Index n = coarse.axis(k).cells;
      const auto axis = static_cast<std::size_t>(k);
      parts_[axis] = fine.axis(k).cells == 2 * n ? 2 : 1;
      nested_ = nested_ && fine.axis(k).cells == parts_[axis] * n;
    }
  }

  const Grid& fine() const { return fine_; }
  const Grid& coarse() const { return coarse_; }
  /// Whether the grids are so; nothing else may be asked if not.
  bool nested() const { return nested_; }
  bool halves(int axis) const { return parts_[static_cast<std::size_t>(axis)] == 2; }

  /// The next coarse cell below (side -1) or above (1), or -1 beyond a wall. There is none across the seam of an odd
  /// periodic axis either, so that neighbours never are of the same colour of a chessboard.
  Index neighbour(const NestedCell& cell, int axis, int side) const {
    const Axis& a = coarse_.axis(axis);
    const Index to = cell.at[static_cast<std::size_t>(axis)] + side;
    const Index stride = coarse_.stride(axis);
    if (to >= 0 && to < a.cells) return cell.coarse + side * stride;
    return a.boundary == Boundary::periodic && a.cells % 2 == 0 ? cell.coarse - side * (a.cells - 1) * stride : -1;
  }

  /// body(cell) for all coarse cells; lines of them on different threads.
  template <class Body>
  void for_cells(Body&& body) const {
    const Index n = coarse_.axis(0).cells;
    const Index rows = coarse_.dimension() > 1 ? coarse_.axis(1).cells : 1;
    parallel_sweep(coarse_.size() / n, fine_.size(), [&](Index line) {
      NestedCell cell{line * n, {0, line % rows, line / rows}, 0};
      for (int k = 1; k < coarse_.dimension(); ++k) {
        const auto axis = static_cast<std::size_t>(k);
        cell.fine += cell.at[axis] * parts_[axis] * fine_.stride(k);
      }
      for (; cell.at[0] < n; ++cell.at[0], ++cell.coarse, cell.fine += parts_[0]) body(cell);
    });
  }

  /// body(fine cell, sides) for the children of a cell: the bits of `sides` tell the axes along which it is the upper
  /// half.
  template <class Body>
  void for_children(const NestedCell& cell, Body&& body) const {
    for (int sides = 0; sides < 1 << coarse_.dimension(); ++sides) {
      Index child = cell.fine;
      bool exists = true;
      for (int k = 0; k < coarse_.dimension(); ++k) {
        const bool upper = (sides >> k & 1) != 0;
        exists = exists && (!upper || halves(k));
        child += upper ? fine_.stride(k) : 0;
      }
      if (exists) body(child, sides);
    }
  }

 private:
  Grid fine_, coarse_;
  std::array<int, 3> parts_{1, 1, 1};  ///< fine cells per coarse one along each axis
  bool nested_ = true;
};

}  // namespace wpg
