#pragma once
#include <vector>

#include "bundles.hpp"
#include "jko/conditional_variance.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// Approximates the inverse of the Jacobian of the entropic fixed-point map in its smooth directions.
///
/// At scaling v the Jacobian of the residual of log rho is a multiple of I - kappa P, with P a Markov operator
/// reversible in L2(rho), and for smooth fields I - P = -epsilon (1/rho) div(rho T grad .), T = (I + epsilon grad^2 log
/// q)^-1 the inverse of the conditional covariance of x given y, over epsilon. So z solves the screened Poisson
/// equation
///
///     z - (gamma' + epsilon) (1/rho) div(rho T grad z) = r
///
/// one axis after the other: T is reduced to its conductivity along each axis, and the product of the axes'
/// one-dimensional operators replaces their sum. Every factor is a row-scaled M-matrix, so z obeys a maximum principle
/// at any range of rho; the product never over-corrects, and under-corrects by at most (1 + a)(1 + b)/(1 + a + b) for a
/// mode of weights a and b. Face coefficients are geometric means: the arithmetic mean of rho would flood, the harmonic
/// one shut, its exponential tails.
class Preconditioner {
 public:
  /// Sees the first `axes` axes.
  Preconditioner(const Grid& grid, double gamma_prime, double epsilon, int axes = 3);

  /// z <- B z, for log q and log rho at the current scaling.
  void apply(const Values& log_q, const Values& log_rho, Values& z);

 private:
  struct Workspace;
  /// One axis: a tridiagonal (periodic: cyclic) system per line, coefficients made on the way.
  struct Sweep {
    Bundles bundles;
    Boundary boundary;
    double coupling;  ///< (gamma' + epsilon) / h^2

    void apply(const double* variance, const double* log_rho, double* z) const;
    void make_coefficients(Workspace& work) const;
    void solve(Workspace& work) const;
    void solve_cyclic(Workspace& work) const;
  };
  ConditionalVariance variance_;
  std::vector<Sweep> sweeps_;
};

}  // namespace wpg
