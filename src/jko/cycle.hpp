#pragma once
#include <vector>

#include "jko/stencil.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// One multigrid cycle for a nine-point M-matrix of a two-dimensional grid: the right side goes down to a single cell
/// by the masses' shares, and on the way back every level is interpolated from the coarser one and relaxed once along x
/// and along y. Coarse equations are those of the chains of links that lead from one square of 2 x 2 cells to the next.
/// No residual is ever formed.
class Cycle {
 public:
  explicit Cycle(const Grid& grid);

  /// Its couplings and log rho are set by the caller before coarsen().
  Stencil& finest() { return levels_.front(); }
  /// Sets the coarser levels' equations.
  void coarsen();
  /// z <- an approximate solution with right side z.
  void apply(Values& z);
  std::size_t memory() const;

 private:
  void take_right(const Values& r);
  void give(Values& z) const;

  Index cells_;
  std::vector<Stencil> levels_;  ///< finest first
};

/// Sets the coarser level's couplings and masses from the finer one's, and the finer one's shares. Coarse couplings are
/// those of the chains of fine links between the coarse cells, in series and in parallel: what closes a fine link
/// closes the coarse one, and a conductivity along a diagonal stays there, neither of which holds for Galerkin's sums.
void coarsen(Stencil& fine, Stencil& coarse);
/// Sums the right side into the coarser level, weighted with the shares.
void restrict_right(const Stencil& fine, Stencil& coarse);
/// Sets the finer level's z by linear interpolation of the coarser one's.
void interpolate(const Stencil& coarse, Stencil& fine);

}  // namespace wpg
