#pragma once
#include <memory>

#include "wpg/field.hpp"

namespace wpg {

/// Approximates the inverse of the Jacobian of the entropic fixed-point map in its smooth directions.
///
/// At scaling v the Jacobian of the residual of log rho is a multiple of I - kappa P, with P a Markov operator
/// reversible in L2(rho), and for smooth fields I - P = -epsilon (1/rho) div(rho T grad .), where T = S^-1 and
/// S = I + epsilon grad^2 log q is the conditional covariance of x given y under the coupling, over epsilon. So z
/// solves the screened Poisson equation
///
///     z - (gamma' + epsilon) (1/rho) div(rho T grad z) = r
///
/// discretised as a row-scaled M-matrix: a maximum principle holds at any range of rho. A face takes the smaller S of
/// its two cells: on a seam of log q (between two separate sources x), which is narrower than a cell, only the face
/// that it crosses is closed, and too small a conductivity elsewhere would over-correct.
///
/// Where nu has edges all mass beyond belongs to single cells of it, and T is up to 250 along the fans that they send:
/// on oblique fans the nine-point links leak, and the preconditioned Jacobian of a disc at gamma/epsilon = 1000 has
/// eigenvalues in [0.26, 2.5]. On the finest plane the source's potential is solved for instead then
/// (source_equation.hpp).
class Preconditioner {
 public:
  virtual ~Preconditioner() = default;

  /// Takes the coefficients from log q and log rho. `trust` in (0, 1] multiplies S cell by cell.
  virtual void update(const Values& log_q, const Values& log_rho, const Values& trust) = 0;
  /// z <- B z.
  virtual void apply(Values& z) = 0;
  /// Bytes of its working memory.
  virtual std::size_t memory() const = 0;
};

/// Of the first `axes` axes: a multigrid cycle for the full tensor of two, else one-dimensional solves, axis after
/// axis.
std::unique_ptr<Preconditioner> make_preconditioner(const Grid& grid, double gamma_prime, double epsilon, int axes = 3);

}  // namespace wpg
