#pragma once
#include <memory>

#include "wpg/field.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// What an advance of the Fokker-Planck equation did.
struct FokkerPlanckReport {
  Index substeps = 0;
  /// Lines (one axis, one substep each) that took the positive first-order step.
  Index first_order_lines = 0;
  /// Relative change of the mass by rounding, before it was set right.
  double mass_defect = 0.0;
};

/// The Fokker-Planck equation d_t rho = div(grad rho + rho grad V) on a grid, without any optimal transport: finite
/// volumes with the exponentially fitted fluxes of Scharfetter and Gummel (1969; Chang and Cooper 1970), of second
/// order in h. exp(-V) is stationary to rounding, densities stay nonnegative and mass is conserved, whatever the step.
/// No mass passes through the ends of reflecting and free axes; periodic ones wrap.
///
/// Time: L-stable steps of second order along each axis (TR-BDF2's stability function), the axes composed
/// symmetrically (Strang 1968), which is exact where V is a sum of functions of one coordinate each. Such a step is not
/// positive for every density: not for a peak much narrower than the diffusion length of the step, nor for mass that
/// relaxes faster than 2.4/step (keep the step below 1/L, L the largest curvature of V). A line where it would be
/// negative takes a positive step of first order, which is counted. From rough data only the first steps need it, and
/// the order stays two. Cost: tridiagonal systems only, factorised once per step size.
class FokkerPlanck {
 public:
  /// `potential` null for V = 0; needed only here. Throws InvalidValue("V", ...) where it is not finite at a cell
  /// centre, InvalidValue("largest_step", ...) unless it is positive.
  FokkerPlanck(const Grid& grid, const Potential* potential, double largest_step);
  ~FokkerPlanck();
  FokkerPlanck(FokkerPlanck&&) noexcept;

  /// Advances a density by a time >= 0 in the fewest equal steps that are not longer than the largest. Keeps the plan
  /// of the last step size. Throws InvalidValue("time", ...) if it is negative or not finite.
  FokkerPlanckReport advance(Field& rho, double time);

  /// Bytes of V and, once a step has been planned, of the factors.
  std::size_t memory() const;
  /// The largest number of bytes that the factors can need on a grid (less where V separates).
  static std::size_t factors_memory(const Grid& grid);

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace wpg
