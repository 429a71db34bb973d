#pragma once
#include <string>

#include "wpg/field.hpp"

namespace wpg {

/// What a JKO solve did. Every number is recorded, converged or not.
struct JkoReport {
  bool converged = false;
  int iterations = 0;                ///< evaluations of the fixed-point map, on all levels
  double kernel_applications = 0.0;  ///< single applications of G, in units of the finest level
  double residual = 0.0;             ///< rho-weighted L2 norm of the residual of log rho
  double gap = 0.0;                  ///< duality gap, in units of the energy
  double l1_bound = 0.0;             ///< rigorous bound on the L1 distance to the exact minimiser
  double epsilon = 0.0;              ///< entropic regularization used
  double mass_defect = 0.0;          ///< relative error of rho's mass by rounding, before it was set right
  std::string kernel;                ///< back-end of the finest level
};

/// Solver of rho = argmin H(rho) + W2^2(rho, nu) / (2 gamma) for one grid, energy and gamma.
/// A solver may remember its last solution as a starting point for the next.
class JkoSolver {
 public:
  virtual ~JkoSolver() = default;

  /// `nu` is a nonnegative density of positive mass on the solver's grid; `rho` gets the minimiser.
  virtual JkoReport solve(const Field& nu, Field& rho) = 0;
};

}  // namespace wpg
