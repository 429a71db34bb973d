#pragma once
#include <optional>

#include "wpg/problem.hpp"

namespace wpg {

/// Integrals of a density rho that diagnostics are made from.
struct Integrals {
  double mass = 0.0;
  double entropy = 0.0;           ///< of rho log rho, with 0 log 0 = 0
  double potential_energy = 0.0;  ///< of V rho
  double nonsmooth_energy = 0.0;  ///< of F rho, with 0 infinity = 0
  double kl = 0.0;                ///< of rho log(rho/pi) - rho + pi; 0 where there is no target
  Point mean;                     ///< of the normalised density
  Tensor covariance;              ///< of the normalised density

  double energy() const { return entropy + potential_energy + nonsmooth_energy; }
};

/// Computes them all in two passes over memory: one for those with logarithms and the mean, one for the covariance,
/// centred, so that it does not cancel. V and F at the cell centres are sampled once, on construction.
class Integrator {
 public:
  explicit Integrator(const Problem& problem);

  Integrals operator()(const Field& rho) const;

 private:
  double divergence(const double* rho, Index at, Index cells) const;

  Field potential_;
  std::optional<Field> nonsmooth_;  ///< F, and V + F
  std::optional<Field> exponent_;
  std::optional<Field> target_;
  std::optional<double>
      shift_;  ///< the target is exp(shift - V - F); absent where there is neither V nor F, or no target
};

}  // namespace wpg
