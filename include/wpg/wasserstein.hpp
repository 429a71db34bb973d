#pragma once
#include <array>
#include <memory>
#include <vector>

#include "wpg/field.hpp"

namespace wpg {

/// A density on a 1D grid as a probability measure with a smooth monotone distribution function: a nonnegative quartic
/// per cell (that of transport/reconstruction.hpp), so that the distribution function is a quintic in every cell and of
/// sixth order where the density is smooth. Scaled to mass one. Cells may be empty.
class LineDistribution {
 public:
  /// Throws InvalidValue("grid", ...) unless the grid has one axis that is not periodic, InvalidValue("rho", ...)
  /// unless the values are nonnegative with a positive finite mass.
  explicit LineDistribution(const Field& rho);

  /// The cells as they are met from one end of the line. From the upper end coordinates change their sign, so that both
  /// ends look alike.
  struct Walk {
    std::vector<double> face;                      ///< coordinate of the end of each cell that is met first
    std::vector<double> mass;                      ///< of each cell
    std::vector<std::array<double, 5>> bernstein;  ///< of each cell: the quartic's coefficients, their mean is one
    double spacing = 0.0;
  };
  const Walk& from_below() const { return from_below_; }
  const Walk& from_above() const { return from_above_; }

 private:
  Walk from_below_, from_above_;
};

/// W2^2 of two measures on a line, the integral of |Q_a - Q_b|^2 of their quantile functions (exact up to the
/// reconstruction of the densities and Gauss-Legendre rules between the images of cell faces). Masses are matched cell
/// by cell from either end to the middle, never as differences of cumulative sums, so tails keep their relative
/// accuracy; only what lies beyond the outermost 1e-34 of the mass is left out. The grids may differ.
double w2_squared(const LineDistribution& a, const LineDistribution& b);

struct SinkhornOptions {
  double epsilon = 0.0;       ///< entropic regularization of the cost |x - y|^2/2, a length squared
  double tolerance = 1e-6;    ///< on the L1 error of the marginal
  int max_iterations = 2000;  ///< pairs of kernel applications of one solve
};

struct SinkhornReport {
  double w2_squared = 0.0;      ///< twice the debiased divergence
  double marginal_error = 0.0;  ///< L1 error of the worst of the marginals
  /// Bound on the error of w2_squared by iterations not taken: marginal error times half the largest squared distance.
  double error_bound = 0.0;
  int iterations = 0;
  bool converged = false;
};

/// The debiased Sinkhorn divergence to a fixed density (Genevay, Peyre, Cuturi 2018; Feydy et al. 2019),
///
///     S(a, b) = OT(a, b) - (OT(a, a) + OT(b, b))/2,   OT(a, b) = min_s <|x - y|^2/2, s> + epsilon KL(s | a x b),
///
/// doubled: it differs from W2^2 by O(epsilon^2) for smooth densities (Chizat et al. 2020). Log-domain iterations with
/// the truncated Gibbs kernel in free space (periodic axes: wrapped), epsilon-scaling from the size of the box on the
/// first call, overrelaxation with the factor that the measured contraction suggests (Thibault et al. 2017; Lehmann et
/// al. 2022), and a warm start from the last call's potentials. Zeros are ordinary input. Any dimension.
class SinkhornDivergence {
 public:
  /// Throws InvalidValue("epsilon", ...) below 0.3 h^2 of any axis.
  SinkhornDivergence(const Field& target, const SinkhornOptions& options);
  ~SinkhornDivergence();
  SinkhornDivergence(SinkhornDivergence&&) noexcept;

  /// From a density on the target's grid, of any positive mass; both are scaled to mass one.
  SinkhornReport operator()(const Field& rho);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wpg
