#pragma once
#include <vector>

#include "jko/conductivity.hpp"
#include "jko/preconditioner.hpp"
#include "jko/stencil.hpp"

namespace wpg {

/// The screened Poisson equation of a two-dimensional grid with the full tensor, by one multigrid cycle: the right side
/// goes down to a few cells by the masses' shares, and on the way back every level is interpolated from the coarser one
/// and relaxed once along x and along y. Coarse equations are those of the chains of links that lead from one square of
/// 2 x 2 cells to the next. No residual is ever formed.
///
/// A cycle leaves a fifth to a quarter of the error on smooth coefficients. An application costs 0.9 kernel pairs at
/// 128^2 to 512^2 and 1.5 at 1024^2; setting the coefficients costs 1.5 to 1.8. Against exact solves of the same
/// equation a step takes a tenth more kernel applications on smooth densities, and on indicators a seventh more at
/// gamma/epsilon = 100 and three tenths at 400. More relaxation gains nothing: what is lost is in the coarse equations
/// of oblique tensors beyond edges. A second cycle on the residual diverges there for some densities.
class Multigrid final : public Preconditioner {
 public:
  Multigrid(const Grid& grid, double gamma_prime, double epsilon);

  void update(const Values& log_q, const Values& log_rho, const Values& trust) override;
  void apply(Values& z) override;
  std::size_t memory() const override;

 private:
  void take_right(const Values& r);
  void give(Values& z) const;

  Grid grid_;
  double coupling_;
  Conductivity conductivity_;
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
