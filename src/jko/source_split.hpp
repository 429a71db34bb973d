#pragma once
#include <array>

#include "jko/nested_cells.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// Moves the source's potential epsilon log(G v) to the next finer grid where nu has edges.
///
/// Beyond an edge every point draws its mass from one cell of nu or two; which ones, the difference of the cells'
/// potentials over epsilon decides. Interpolated potentials are off by tens of epsilon there at large gamma/epsilon,
/// and the masses of the last cells part tens of cells away from where they should. What two grids have in common is
/// where the mass of one cell ends and that of the next one begins:
///   - across a face of the coarse grid it does where it did between the coarse cells: the potentials of the two fine
///     cells beside the face differ by half the difference of the coarse ones;
///   - inside a coarse cell it does in the middle of the mass that the cell sends, for which E[x | y] stands: the
///     potentials of its halves differ by their distance times E[x | y] - y, which is epsilon grad log(G v).
/// In one dimension these are all differences; in more the offsets of coarse cells are relaxed towards them. On a line
/// a box at gamma/epsilon = 1000 starts with an error of 0.04 instead of 0.76. Where nu is smooth both agree with
/// interpolation, at the price of an application of the coarse kernel per axis.
class SourceSplit {
 public:
  /// Grids on the same box; of no use unless they are nested.
  SourceSplit(const Grid& fine, const Grid& coarse);

  /// Whether the grids are nested, and the coarse nu falls to less than a thousandth from one cell to the next
  /// somewhere that is not in its tails.
  bool pays(const Values& nu) const;
  bool halves(int axis) const { return cells_.halves(axis); }
  /// Where E[x_k | y] - y_k of the coarse cells is put before split(), for every halved axis, in units of length; NaN
  /// where it is not known. split() overwrites it.
  Values& displacement(int axis) { return slope_[static_cast<std::size_t>(axis)]; }

  /// Replaces the interpolated potential on the fine grid; `nu` and `potential` are those of the coarse one.
  void split(const Values& nu, const Values& potential, Values& fine);
  /// Adds a field of the coarse grid, piecewise linear with limited slopes (van Leer 1977): little of its values
  /// outside nu, which mean nothing, gets in.
  void add_limited(const Values& coarse, Values& fine) const;
  std::size_t memory() const;

 private:
  void tilt(const NestedCell& cell, Values& fine);
  double step(int axis, Index from, Index to, const Values& potential) const;
  void relax(const NestedCell& cell, const Values& nu, const Values& potential);
  double limited_slope(const NestedCell& cell, int axis, const Values& values) const;

  NestedCells cells_;
  std::array<Values, 3> slope_;  ///< difference of the halves' potentials over their distance: the displacement
  Values mean_;                  ///< of the children's interpolated potentials
  Values offset_;                ///< what is added to them
};

}  // namespace wpg
