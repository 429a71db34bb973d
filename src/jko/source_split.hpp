#pragma once
#include <array>

#include "jko/nested_cells.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// Moves the source's potential epsilon log(G v) to the next finer grid where nu has edges.
///
/// Beyond an edge every point draws its mass from a few cells of nu, and between the shares of two cells log rho turns
/// by the whole difference of their potentials over epsilon. Interpolation misses that by the jump of the transport map
/// from cell to cell over the spacing, tens of units at large gamma/epsilon. What two grids have in common is where the
/// mass of one cell ends and that of the next one begins:
///   - across a face of the coarse grid that is where it was between the coarse cells, so that the potentials of the
///   two
///     fine cells beside it differ by half the difference of the coarse ones;
///   - inside a coarse cell it is the middle of the mass that the cell sends, E[x | y], so that the potentials of its
///     halves differ by their distance times E[x | y] - y, which is epsilon grad log(G v).
/// In one dimension these are all differences; in more the offsets of coarse cells are relaxed towards them.
/// Where nu is smooth both agree with interpolation, at the price of an application of the kernel per axis.
class SourceSplit {
 public:
  /// Grids on the same box; of no use unless they are nested.
  SourceSplit(const Grid& fine, const Grid& coarse);

  /// Whether the grids are nested, and the coarse nu falls to less than a thousandth from one cell to the next
  /// somewhere that is not in its tails.
  bool pays(const Values& nu) const;
  bool halves(int axis) const { return cells_.halves(axis); }
  /// Where E[x_k | y] - y_k of the coarse cells is put, for every halved axis; NaN where it is not known.
  Values& pull(int axis) { return slope_[static_cast<std::size_t>(axis)]; }

  /// Replaces the interpolated potential on the fine grid; `nu` and `potential` are those of the coarse one.
  void split(const Values& nu, const Values& potential, Values& fine);
  /// Adds a field of the coarse grid, piecewise linear with limited slopes (van Leer 1977): nothing of its values
  /// outside nu, which mean little, gets in.
  void add_limited(const Values& coarse, Values& fine) const;
  std::size_t memory() const;

 private:
  void tilt(const NestedCell& cell, Values& fine);
  double step(int axis, Index from, Index to, const Values& potential) const;
  void relax(const NestedCell& cell, const Values& nu, const Values& potential);
  double limited_slope(const NestedCell& cell, int axis, const Values& values) const;

  NestedCells cells_;
  std::array<Values, 3> slope_;  ///< difference of the halves' potentials over their distance
  Values mean_;                  ///< of the children's interpolated potentials
  Values offset_;                ///< what is added to them
};

}  // namespace wpg
