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
/// On the side of nu the operator is known exactly, without an expansion: with w = v / q, two source cells are linked
/// by
///     nu_i Q_ij = u_i u_j exp(-|x_i - x_j|^2 / (4 epsilon)) (G_{epsilon/2} w)((x_i + x_j) / 2),
/// over a few cells at any gamma, since S <= 1 but in gaps. Nearest-neighbour links that carry these, each over the
/// path between its cells, leave the Jacobian eigenvalues in [0.9, 1.6] on lines, whatever the density, and in
/// [0.8, 1.6] on small planes (dense matrices): a rate of 0.11 to 0.17, where the equation above comes to 0.5 and 0.7
/// on rough densities. It is not used here: G_{epsilon/2} w is needed between cells too (interpolated, links along
/// edges are wrong by orders), which takes three applications on a plane; gaps need longer links than five cells; and
/// far from the solution its steps overshoot. Tried for the last part of a solve at gamma/epsilon = 1000, it brought a
/// disc from 32 to 27 kernel pairs at 512^2, from 34 to 29 at 1024^2.
///
/// Far from the solution the side of nu is also where Newton's method works: log(G v) is smooth where lambda has kinks,
/// and kinks of lambda move by a cell in a step at most. For an image at 512^2, gamma/epsilon = 1000 and an error of
/// 4.0e-3 an exact Newton step in lambda raised the error to 2.3e-2, one in log(G v) lowered it to 4.9e-4. Used with
/// this preconditioner it would take twice the applications of the kernel.
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
