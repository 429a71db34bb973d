#pragma once
#include "jko/cycle.hpp"
#include "jko/given_tensor.hpp"
#include "jko/nine_point.hpp"

namespace wpg {

/// Approximates the inverse of the Jacobian of the entropic fixed-point map on the side of its source, of a
/// two-dimensional grid: of phi -> log(G v(phi)), phi the potential log(G v) itself.
///
/// That Jacobian is kappa Q, where Q, from x to its targets and back, is reversible in the measure m = u G v of the
/// sources, which is nu at the solution. With phi' = phi + r and g = gamma'/epsilon = kappa/(1 - kappa), Newton's step
/// is (I - kappa Q)^-1 r = r + g (I + g (I - Q))^-1 Q r, and m (I - Q) = -div(D grad .) with D the tensor that the
/// targets give their sources (given_tensor.hpp). So z solves
///
///     m z - 1.5 (g + 1) div(D grad z) = m r
///
/// on a nine-point M-matrix: D is cut where its mixed entry exceeds the smaller diagonal one, and a link has the mean
/// of its two cells'. Cells without nu conduct, which links the parts of nu across gaps, but have no mass. D is scaled
/// to the mass that its cell has, since what is given is shared between cells. 1.5 centres the eigenvalues of
/// (0.75 I + g B)(I - kappa Q), which at solutions are in [0.59, 1.52] for a disc, a ring, an image and cellwise random
/// values at gamma/epsilon of 100 to 1000 (64^2, dense matrices, exact solves): the grid's Laplacian is weaker at its
/// shortest waves than I - Q. On the side of the targets they are in [0.26, 2.5] for a disc (preconditioner.hpp).
class SourceEquation {
 public:
  SourceEquation(const Grid& grid, double gamma_prime, double epsilon);

  /// From log q and log rho of the coupling at phi, the density nu and the residual r, which makes m = nu e^r. The
  /// largest value of nu is `unit`.
  void update(const Values& log_q, const Values& log_rho, const Values& nu, const Values& r, double unit);
  /// z <- B z where there is nu that targets reach; zero elsewhere.
  void apply(const Values& nu, Values& z);
  std::size_t memory() const { return tensor_.memory() + 5 * mass_.memory() + cycle_.memory(); }

 private:
  void set_cells(const Values& nu, const Values& r, double unit, Index j);
  void set_links(Index j);

  Grid grid_;
  double coupling_;
  GivenTensor tensor_;
  std::vector<Bordered> own_;  ///< half the conductivities by the cell's own tensor, per direction
  Bordered mass_;              ///< zero where no target comes from
  Cycle cycle_;
};

}  // namespace wpg
