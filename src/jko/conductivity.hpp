#pragma once
#include <vector>

#include "jko/curvature.hpp"

namespace wpg {

/// The inverse T of the conditional covariance S = I + epsilon grad^2 log q of a two-dimensional grid as conductivities
/// of the links between a cell and its eight neighbours, so that its divergence form is an M-matrix on nine points: the
/// sum of conductivity times e e^T over the four directions e, in units of cells, is T_kl / (h_k h_l).
///
/// Where S <= 1, within and beyond an edge of the source, T is split exactly, a third of what its axes have in common
/// given to the diagonals (the isotropic nine-point Laplacian); where T is too oblique for nonnegative conductivities
/// (its mixed entry exceeds the smaller diagonal one) the mixed entry is cut. A link takes the larger conductivity of
/// its two cells.
///
/// Where S > 1, between separate sources, a link's resistance grows with the smaller excess of e.S e at its two ends.
/// The seam between two sources is narrower than a cell: it closes the links that cross it and no other, and a tensor
/// of differences across it would have directions that mean nothing. So such spikes stay out of the cells' tensors.
/// For resolved S > 1 this makes T between 1/3 and 2 times S^-1 along its eigenvectors.
class Conductivity {
 public:
  Conductivity(const Grid& grid, double epsilon);

  /// Sets the links from log q; S is multiplied by `trust` cell by cell.
  void update(const Values& log_q, const Values& trust);

  /// Of the links of cells i to i + lanes - 1 of row j, forward in direction d: across seams of periodic axes; beyond
  /// walls it means nothing.
  Pack link(Direction d, Index i, Index j) const;
  std::size_t memory() const { return curvature_.memory() + 4 * own_[east].memory(); }

 private:
  void row(const Values& trust, Index j);

  Grid grid_;
  Curvature curvature_;
  std::vector<Bordered> own_;  ///< by the cell's own tensor, per direction
};

}  // namespace wpg
