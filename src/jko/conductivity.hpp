#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "jko/nine_point.hpp"
#include "jko/preconditioner.hpp"
#include "jko/second_differences.hpp"

namespace wpg {

/// The inverse T of the conditional covariance S = I + epsilon grad^2 log q of a two-dimensional grid as conductivities
/// of the links between a cell and its eight neighbours, so that its divergence form is an M-matrix on nine points: the
/// sum of conductivity times e e^T over the four directions e, in units of cells, is T_kl / (h_k h_l).
///
/// Where S is at most 30, T is split exactly, a third of what its axes have in common
/// given to the diagonals (the isotropic nine-point Laplacian); where T is too oblique for nonnegative conductivities
/// (its mixed entry exceeds the smaller diagonal one) the mixed entry is cut. A link has the mean
/// S of its two cells, in terms of their conductivities, and beside a seam the better of these.
///
/// Where S > 1, between separate sources, log q has a ridge. What neighbouring cells share of it belongs to S; its
/// spikes, which are narrower than a cell, stay out of the tensors, since differences across them have directions that
/// mean nothing. They close the links that cross them and no other (see ridge.hpp); what mass exchanges across them is
/// left to SeamCoupling.
class Conductivity {
 public:
  Conductivity(const Grid& grid, double epsilon);

  /// Sets the links from log q; S is multiplied by `trust` cell by cell.
  void update(const Values& log_q, const Values& trust);

  /// Of the links of cells i to i + lanes - 1 of row j, forward in direction d: across seams of periodic axes; beyond
  /// walls it means nothing.
  Pack link(Direction d, Index i, Index j) const;
  /// Marks the cells of row j with 0 where a ridge is steep in any direction, with -1 elsewhere.
  void find_ridges(Index j, std::int32_t* marks) const;
  std::size_t memory() const { return curvature_.memory() + 9 * doubt_.memory(); }

 private:
  using Ends = std::pair<Pack, Pack>;

  void row(const Values& trust, Index j);
  Ends ends(const Bordered& field, Direction d, Index i, Index j) const;

  Grid grid_;
  SecondDifferences curvature_;
  std::vector<Bordered> beside_;  ///< the smaller curvature of the two neighbours in each direction
  std::vector<Bordered> own_;     ///< conductivities by the cell's own tensor, per direction
  Bordered doubt_;                ///< that of S = I over the trust
};

}  // namespace wpg
