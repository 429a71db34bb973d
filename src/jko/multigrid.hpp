#pragma once
#include "jko/conductivity.hpp"
#include "jko/cycle.hpp"
#include "jko/preconditioner.hpp"

namespace wpg {

/// The screened Poisson equation of a two-dimensional grid with the full tensor, by one multigrid cycle.
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
  void apply(Values& z) override { cycle_.apply(z); }
  std::size_t memory() const override { return conductivity_.memory() + cycle_.memory(); }

 private:
  Grid grid_;
  double coupling_;
  Conductivity conductivity_;
  Cycle cycle_;
};

}  // namespace wpg
