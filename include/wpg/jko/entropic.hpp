#pragma once
#include <functional>
#include <memory>

#include "wpg/jko.hpp"
#include "wpg/kernel.hpp"
#include "wpg/nonsmooth.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// Makes the Gibbs kernel of variance epsilon on a grid.
using KernelFactory = std::function<std::unique_ptr<GibbsKernel>(const Grid&, double epsilon)>;

struct EntropicOptions {
  double gamma = 0.0;        ///< proximal step size
  double epsilon = 0.0;      ///< entropic regularization, a length squared
  bool compensate = true;    ///< use gamma - epsilon/2 in place of gamma: bias O(epsilon^2) instead of O(epsilon)
  double tolerance = 1e-8;   ///< on the certificate, a bound of the L1 distance to the minimiser; at least 1e-12
  int max_iterations = 500;  ///< evaluations on the finest grid
  const Potential* potential = nullptr;  ///< V of the energy H(rho) + integral of V drho; null: H alone
  KernelFactory kernel;                  ///< empty: the truncated log-domain kernel
  const Nonsmooth* nonsmooth = nullptr;  ///< F of the energy H(rho) + integral of V + F drho; null: none
  /// Mass moves along the first so many axes only. The cells of the others number independent problems, solved
  /// together, e.g. the marginals of a product; the certificate is that of their sum.
  int axes = 3;
};

/// The JKO step of the entropy by entropic regularization: minimises over couplings s whose first marginal is nu
///
///     <|x - y|^2 / 2, s> + epsilon KL(s | nu x dy) + gamma' H(second marginal),   gamma' = gamma - epsilon/2
///
/// (Peyre 2015, with the compensation of the entropic bias). The dual scaling v = rho^(-gamma'/epsilon) is the fixed
/// point of log v <- -kappa log q(v), kappa = gamma'/(gamma' + epsilon), a contraction in the sup norm that alone takes
/// 11 to 15 gamma/epsilon iterations to 1e-8. Here lambda = -(epsilon/gamma') log v = log rho at the solution is found
///   - on nested grids: h doubles and epsilon grows with h^2, to at most 1.9 gamma (Schmitzer 2019: epsilon-scaling on
///     a hierarchy of grids), where the step is nearly a heat flow, which starts the coarsest one;
///   - by approximate Newton steps: the residual goes through a screened Poisson equation with the entropic Hessian's
///     own variable tensor, solved by a multigrid cycle on two axes and axis after axis else (jko/preconditioner.hpp;
///     the role that the constant-coefficient H^1 metric plays for Jacobs, Leger 2020). Faces are weighted so that
///     log rho may be steep (Scharfetter, Gummel 1969);
///   - with safeguarded Anderson acceleration (Walker, Ni 2011) in the rho-weighted norm;
///   - by the contraction itself wherever these do not pay.
///
/// Of this project are, as far as it knows, the tensor of the equation, the certificate below, and
///   - the start of a level. From a cold start it is made from the coarser level's epsilon log(G v), the potential on
///     the side of nu, by one half step: that is smooth where lambda has kinks (points for which two parts of nu
///     compete), so that interpolation serves it. It is extrapolated in epsilon from two levels, since its first-order
///     error is epsilon/2 log nu for smooth densities. Where nu has edges it is split over the finer cells by where
///     the masses of neighbouring cells part, since beyond an edge log rho follows single cells of nu, which
///     interpolation confuses (jko/source_split.hpp): at gamma/epsilon = 1000 that saves a third of the evaluations on
///     a box. Near reflecting walls that nu reaches, and where nu has one part, lambda itself is interpolated from
///     inside (jko/wall_start.hpp). Later solves add to the coarser level's lambda what the last solution had beyond
///     it;
///   - the unknown log(G v) and the equation on the side of nu, on the finest grid of two axes, where nu has edges and
///     gamma/epsilon is at least 10: every target gives its mass and its conditional covariance to the cells of nu that
///     it comes from, so that the fans beyond an edge fall onto their cells (jko/source_descent.hpp). At gamma/epsilon
///     = 1000 and 1024^2 that takes a disc from 32 kernel pairs to 19, an image from 39 to 19;
///   - the part of Newton's correction at short waves that neither the plain step nor the equation on a grid has, in
///     closed form (jko/short_waves.hpp);
///   - the conductivity of a face: by the mean covariance of its two cells, but the larger one beside seams, and on the
///     seams of log q between separate parts of nu, where it is large, that of a single hop, closed by the smaller
///     excess of the two (jko/conductivity.hpp, jko/ridge.hpp);
///   - in the cells beside such seams, and wherever else that covariance rises steeply, the exact coupling, by the laws
///     of the sources that send mass there, instead of what links make of it (jko/seam_coupling.hpp), once a level
///     turns out to need many steps;
///   - the coarse equations of the multigrid cycle: chains of fine links in series and in parallel, which keep seams
///     closed and the directions of the tensor apart (jko/multigrid.hpp);
///   - a trust of each cell in its coefficients, lowered where a step turned the residual round, and a smaller part of
///     what log rho lacks in the correction once a step was rejected;
///   - coefficients that are kept once the error is below 1e-2 and no tail is far off, and renewed once more at 1e-3;
///   - tails, which weigh nothing in the error, are settled on the coarse levels, where they cost little.
///
/// It stops on a certificate: the duality gap is exactly gamma' KL(rho | exp lambda), and ||rho - rho*||_1 <=
/// sqrt(2 gap/gamma') by strong convexity and Pinsker's inequality.
///
/// With a potential the energy is H + integral of V, and log v = -(gamma' log rho + gamma V)/epsilon: the same map with
/// a fixed tilt. It asks nothing of V but values, so a nonsmooth F beside it enters in the same way, as a part of the
/// one convex energy whose proximal step is taken: a step of H and one of F after the other would be the step of
/// neither, and have another fixed point. Where F is infinite rho is exactly zero, and the certificate counts the
/// domain of F alone.
///
/// Needs 0 < epsilon < 2 gamma and epsilon >= 0.3 h^2 of every axis. Exact zeros of nu are ordinary input. A second
/// solve starts from the first one's potentials.
class EntropicJko final : public JkoSolver {
 public:
  EntropicJko(const Grid& grid, EntropicOptions options);
  ~EntropicJko() override;

  JkoReport solve(const Field& nu, Field& rho) override;

  /// Bytes of all levels' working memory and kernels; without the threads' scratch of truncated kernels, of a few lines
  /// each.
  std::size_t memory() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wpg
