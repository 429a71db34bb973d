#pragma once
#include <optional>

#include "jko/conductivity.hpp"
#include "jko/cycle.hpp"
#include "jko/preconditioner.hpp"
#include "jko/seam_coupling.hpp"

namespace wpg {

/// The screened Poisson equation of a two-dimensional grid with the full tensor, by one multigrid cycle.
///
/// A cycle leaves 2 to 13 % of a residual on the coefficients of smooth solutions. An application costs 0.7 to 1.1
/// kernel pairs at 128^2 to 1024^2, with the larger effort 1.1 to 1.6, short waves 0.1 to 0.3 more; setting the
/// coefficients costs 1.4 to 2.1. Beside seams (SeamCoupling) the laws of sources cost 3 to 10 pairs, one to three
/// times a level, and their use 0.3 to 2 an application (two bumps, 128^2 to 1024^2; AVX-512, one thread). Against
/// exact solves of the same equation a step takes at most one evaluation more on smooth densities; on bumps far apart,
/// at gamma/epsilon = 1000, up to half as many again: what is lost is in the coarse equations of oblique tensors beyond
/// edges. A second cycle on the residual diverges there for some densities.
class Multigrid final : public Preconditioner {
 public:
  /// `finest`: of the planes that a problem is solved on.
  Multigrid(const Grid& grid, double gamma_prime, double epsilon, bool finest);

  void update(const Values& log_q, const Values& log_rho, const Values& trust, const SourceSide* source) override;
  void apply(const Values& r, double largest, bool short_waves, Values& z) override;
  bool uses_source() const override { return seams_.has_value(); }
  std::size_t memory() const override {
    return conductivity_.memory() + cycle_.memory() + (seams_ ? seams_->memory() : 0);
  }

 private:
  Grid grid_;
  double coupling_;
  ShortWaves short_waves_;
  Conductivity conductivity_;
  Cycle cycle_;
  std::optional<SeamCoupling> seams_;  ///< where the kernel is narrow enough
};

}  // namespace wpg
