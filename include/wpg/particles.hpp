#pragma once
#include <Eigen/Core>
#include <cstdint>
#include <random>

#include "wpg/exact.hpp"
#include "wpg/field.hpp"
#include "wpg/potential.hpp"
#include "wpg/radial_kernel.hpp"

namespace wpg {

/// Standard normal numbers that are the same for a seed on every machine and with every standard library, but for the
/// rounding of its log, sin and cos (Box and Muller 1958, on the bits of the 64-bit Mersenne twister).
class NormalNumbers {
 public:
  explicit NormalNumbers(std::uint64_t seed) : bits_(seed) {}
  double uniform();  ///< in (0, 1)
  double operator()();

 private:
  std::mt19937_64 bits_;
  double spare_ = 0.0;
  bool has_spare_ = false;
};

/// Equal-weight particles, one point per row: companions of the schemes on grids. Steps change them in place and
/// depend on nothing but the points, the potential (of dimension 1 to 3) and the random numbers.
using Particles = Eigen::MatrixXd;

/// Independent points of a density: a cell by its mass, a uniform point in it. Throws InvalidValue("count", ...) unless
/// count >= 1.
Particles draw_particles(const Field& rho, Index count, NormalNumbers& random);

/// Independent points of a Gaussian of any dimension, point by point: the first ones do not depend on `count`. Throws
/// as draw_particles does, and InvalidValue("covariance", ...) where it is not positive definite.
Particles draw_particles(const exact::Normal& law, Index count, NormalNumbers& random);

/// A step of the unadjusted Langevin algorithm, x <- x - gamma grad V(x) + sqrt(2 gamma) N(0, I). The law of a particle
/// takes a step of the scheme forward-flow. No potential means V = 0. Throws InvalidValue("gamma", ...) unless gamma is
/// positive and finite.
void langevin_step(Particles& x, const Potential* potential, double gamma, NormalNumbers& random);
inline void langevin_step(Particles& x, const Potential& potential, double gamma, NormalNumbers& random) {
  langevin_step(x, &potential, gamma, random);
}

/// A step of Stein variational gradient descent (Liu, Wang 2016),
/// x_i <- x_i + gamma mean_j [-grad V(x_j) k(x_i - x_j) + grad_{x_j} k(x_i - x_j)], all at once. As the number of
/// particles grows, their law takes a step of the scheme svgd. Throws as langevin_step does.
void stein_step(Particles& x, const Potential& potential, const RadialKernel& kernel, double gamma);

/// Particles of the proximal gradient (forward-backward) scheme in closed form, for a Gaussian initial law and a
/// quadratic potential of any dimension (Salim, Korba, Luise 2020). A step maps every particle by I - gamma grad V and
/// then by the optimal map of the JKO step of the entropy, which is affine: about the mean it multiplies each
/// eigenvector of the covariance by sqrt(b/a), where the step takes the eigenvalue a to b = exact::jko_variance(a).
/// The particles so stay independent samples of the scheme's law, which is that of exact::GaussianRecursion.
class GaussianParticles {
 public:
  /// Draws the particles. Throws as draw_particles does; InvalidValue("gamma", ...) unless 0 < gamma < 1/L, L the
  /// largest eigenvalue of the precision; InvalidValue("dimension", ...) where the sizes differ.
  GaussianParticles(exact::Normal initial, exact::Quadratic V, double gamma, Index count, NormalNumbers& random);

  const Particles& points() const { return points_; }
  const exact::Normal& law() const { return law_; }
  /// One step: an eigendecomposition, and count x dimension^2 operations.
  void advance();

 private:
  exact::Normal law_;
  exact::Quadratic V_;
  double gamma_;
  Particles points_;
};

/// The same where the coordinates are independent: N(mean[k], variance[k]), and V the sum of
/// precision[k] (x[k] - center[k])^2/2. A step costs count x dimension operations.
class ProductParticles {
 public:
  struct Marginals {
    Eigen::VectorXd mean, variance;
  };
  struct Potential {
    Eigen::VectorXd center, precision;
  };
  /// Throws as GaussianParticles does, and draws the same points.
  ProductParticles(Marginals initial, Potential V, double gamma, Index count, NormalNumbers& random);

  const Particles& points() const { return points_; }
  const Marginals& law() const { return law_; }
  void advance();

 private:
  Marginals law_;
  Potential V_;
  double gamma_;
  Particles points_;
};

}  // namespace wpg
