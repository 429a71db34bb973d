#pragma once
#include <vector>

#include "jko/short_waves.hpp"
#include "jko/stencil.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// One multigrid cycle for a nine-point M-matrix of a two-dimensional grid: the right side goes down to a single cell
/// by the masses' shares, and on the way back every level is interpolated from the coarser one and relaxed along
/// x and along y. Coarse equations are those of the chains of links that lead from one square of 2 x 2 cells to the
/// next. No residual is ever formed.
class Cycle {
 public:
  /// Relaxations of a level: along x and y; on the coarse levels along y, x, y, x and y; on the finest along y, x and
  /// y, too.
  enum class Effort { small, coarse, large };

  Cycle(const Grid& grid, Effort effort);

  /// Its couplings and log rho are set by the caller before coarsen().
  Stencil& finest() { return levels_.front(); }
  /// Sets the coarser levels' equations.
  void coarsen();
  /// z <- an approximate solution with right side r, which may be z, cut at `largest` either way.
  void apply(const Values& r, double largest, Values& z);
  /// z <- that plus (1 - kappa)/kappa times what short waves miss, kappa = 1 - 1/unit.
  void apply(const Values& r, double largest, Values& z, const ShortWaves& part);
  std::size_t memory() const;

 private:
  void solve(const Values& r, double largest);
  void relax(std::size_t level);
  void take_right(const Values& r, double largest);
  template <class Read>
  void give(const Read& read, Values& z) const;

  Index cells_;
  Effort effort_;
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
