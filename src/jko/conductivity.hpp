#pragma once
#include <utility>
#include <vector>

#include "jko/given_tensor.hpp"
#include "jko/nine_point.hpp"
#include "jko/preconditioner.hpp"
#include "jko/second_differences.hpp"

namespace wpg {

/// The inverse T of the conditional covariance S = I + epsilon grad^2 log q of a two-dimensional grid as conductivities
/// of the links between a cell and its eight neighbours, so that its divergence form is an M-matrix on nine points: the
/// sum of conductivity times e e^T over the four directions e, in units of cells, is T_kl / (h_k h_l).
///
/// Where S is at most ten, T is split exactly, a third of what its axes have in common
/// given to the diagonals (the isotropic nine-point Laplacian); where T is too oblique for nonnegative conductivities
/// (its mixed entry exceeds the smaller diagonal one) the mixed entry is cut. A link has the mean
/// S of its two cells, in terms of their conductivities, and beside a seam the better of these.
///
/// Where S > 1, between separate sources, log q has a ridge. What neighbouring cells share of it belongs to S; its
/// spikes, which are narrower than a cell, stay out of the tensors, since differences across them have directions that
/// mean nothing. They close the links that cross them and no other (see ridge.hpp).
///
/// Beside seams, where mass is compressed (S > 2), many sources share a target: the mean of their own conditional
/// covariances, which is T there, is smooth and needs no inverse. It is taken where the source's side is known. With it
/// the preconditioned Jacobian of two bumps over a floor, at gamma/epsilon = 1000 on 256^2, has eigenvalues in [0.31,
/// 1.38] instead of [0.24, 2.19] (exact solves): GMRES takes 11 iterations instead of 16 from an error of 8e-4 to 6e-9.
/// Elsewhere targets lie apart, and what sources give misses some of them.
class Conductivity {
 public:
  Conductivity(const Grid& grid, double epsilon);

  /// Sets the links from log q; S is multiplied by `trust` cell by cell.
  void update(const Values& log_q, const Values& trust);
  /// Takes T from the sources where mass is compressed beside a seam and they give a cell what it has; after update(),
  /// of the same coupling.
  void take_given(const SourceSide& source, const Values& log_rho, const Values& trust);

  /// Of the links of cells i to i + lanes - 1 of row j, forward in direction d: across seams of periodic axes; beyond
  /// walls it means nothing.
  Pack link(Direction d, Index i, Index j) const;
  std::size_t memory() const {
    return curvature_.memory() + 10 * doubt_.memory() + given_tensor_.memory() + near_.memory();
  }

 private:
  using Ends = std::pair<Pack, Pack>;

  void row(const Values& trust, Index j);
  Ends ends(const Bordered& field, Direction d, Index i, Index j) const;
  PackBits beside_seam(Index i, Index j) const;
  void find_compressed(Index j);
  void take_row(double log_unit, const Values& log_rho, const Values& trust, Index j);

  Grid grid_;
  double epsilon_;
  SecondDifferences curvature_;
  std::vector<Bordered> beside_;  ///< the smaller curvature of the two neighbours in each direction
  std::vector<Bordered> own_;     ///< conductivities by the cell's own tensor, per direction
  Bordered doubt_;                ///< that of S = I over the trust
  Bordered given_;                ///< 1 in cells whose own tensor is from the sources; before that, in compressed ones
  NearCells near_;
  GivenTensor given_tensor_;
};

}  // namespace wpg
