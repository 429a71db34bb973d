#pragma once
#include <Eigen/Core>
#include <cstdint>
#include <random>

#include "wpg/field.hpp"
#include "wpg/potential.hpp"
#include "wpg/radial_kernel.hpp"

namespace wpg {

/// Standard normal numbers that are the same for a seed on every machine and with every standard library (Box and
/// Muller 1958, on the bits of the 64-bit Mersenne twister).
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

/// Equal-weight particles, one point per row, of dimension 1 to 3: companions of the schemes on grids. Steps change
/// them in place and depend on nothing but the points, the potential and the random numbers.
using Particles = Eigen::MatrixXd;

/// Independent points of a density: a cell by its mass, a uniform point in it. Throws InvalidValue("count", ...) unless
/// count >= 1.
Particles draw_particles(const Field& rho, Index count, NormalNumbers& random);

/// A step of the unadjusted Langevin algorithm, x <- x - gamma grad V(x) + sqrt(2 gamma) N(0, I). The law of a particle
/// takes a step of the scheme forward-flow. Throws InvalidValue("gamma", ...) unless gamma is positive and finite.
void langevin_step(Particles& x, const Potential& potential, double gamma, NormalNumbers& random);

/// A step of Stein variational gradient descent (Liu, Wang 2016),
/// x_i <- x_i + gamma mean_j [-grad V(x_j) k(x_i - x_j) + grad_{x_j} k(x_i - x_j)], all at once. As the number of
/// particles grows, their law takes a step of the scheme svgd. Throws as langevin_step does.
void stein_step(Particles& x, const Potential& potential, const RadialKernel& kernel, double gamma);

}  // namespace wpg
