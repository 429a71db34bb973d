#pragma once
#include <memory>

#include "wpg/field.hpp"

namespace wpg {

/// The source's side of a coupling that is nearly the solution's: log of the masses of nu's cells, the largest of them,
/// and the potential log(G v), which means nothing in cells without mass. `nearly_known`: the coupling is nearly that
/// of the last update.
struct SourceSide {
  const Values& log_mass;
  double log_largest;
  const Values& log_gv;
  bool nearly_known;
};

/// The approximate Newton correction of a residual r is plain_share (1 - kappa) r + kappa z, z = B r. ShortWaves is
/// what is missing beside this one. The smaller, the better for smooth densities and the worse for rough ones: by a few
/// per cent of the evaluations between 0.7 and 0.9.
inline constexpr double plain_share = 0.82;

/// Approximates the inverse of the Jacobian of the entropic fixed-point map in its smooth directions.
///
/// At scaling v the Jacobian of the residual of log rho is a multiple of I - kappa P, with P a Markov operator
/// reversible in L2(rho), and for smooth fields I - P = -epsilon (1/rho) div(rho T grad .), where T = S^-1 and
/// S = I + epsilon grad^2 log q is the conditional covariance of x given y under the coupling, over epsilon. So z
/// solves the screened Poisson equation
///
///     z - (gamma' + epsilon) (1/rho) div(rho T grad z) = r
///
/// discretised as a row-scaled M-matrix: a maximum principle holds at any range of rho. A face has the mean S of its
/// two cells, but the smaller one beside a seam of log q (between two separate sources x), which is narrower than a
/// cell: only the face that it crosses is closed, and too small a conductivity elsewhere would over-correct. At walls,
/// where S grows from cell to cell, the smaller one under-corrected by a third. On planes the
/// exact coupling corrects what links miss beside seams and at walls (seam_coupling.hpp).
///
/// Where nu has edges all mass beyond belongs to single cells of it, and T is up to 250 along the fans that they send:
/// on oblique fans the nine-point links leak, and the preconditioned Jacobian of a disc at gamma/epsilon = 1000 has
/// eigenvalues in [0.26, 2.5]. On the finest plane the source's potential is solved for instead then
/// (source_equation.hpp).
class Preconditioner {
 public:
  virtual ~Preconditioner() = default;

  /// Takes the coefficients from log q and log rho, and from the source's side of the same coupling, if that is given.
  /// `trust` in (0, 1] multiplies S cell by cell.
  virtual void update(const Values& log_q, const Values& log_rho, const Values& trust, const SourceSide* source) = 0;
  /// z <- B r, of r cut at `largest` either way. `short_waves`: with what short waves miss beside a plain step, where
  /// there is such a part (short_waves.hpp); it means something for small residuals only.
  virtual void apply(const Values& r, double largest, bool short_waves, Values& z) = 0;
  /// Whether update() makes use of the source's side.
  virtual bool uses_source() const { return false; }
  /// Bytes of its working memory.
  virtual std::size_t memory() const = 0;
};

/// Of the first `axes` axes: a multigrid cycle for the full tensor of two, else one-dimensional solves, axis after
/// axis.
std::unique_ptr<Preconditioner> make_preconditioner(const Grid& grid, double gamma_prime, double epsilon, int axes,
                                                    bool finest);

}  // namespace wpg
