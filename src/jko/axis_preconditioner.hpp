#pragma once
#include <vector>

#include "bundles.hpp"
#include "jko/conditional_variance.hpp"
#include "jko/preconditioner.hpp"

namespace wpg {

/// The screened Poisson equation solved one axis after the other: T is reduced to its conductivity along each axis, and
/// the product of the axes' one-dimensional operators replaces their sum. Exact on one axis. On several the product
/// never over-corrects, and under-corrects by at most (1 + a)(1 + b)/(1 + a + b) for a mode of weights a and b.
class AxisPreconditioner final : public Preconditioner {
 public:
  /// Sees the first `axes` axes.
  AxisPreconditioner(const Grid& grid, double gamma_prime, double epsilon, int axes = 3);

  void update(const Values& log_q, const Values& log_rho, const Values& trust, const SourceSide* source) override;
  void apply(const Values& r, double largest, bool short_waves, Values& z) override;
  std::size_t memory() const override;

 private:
  struct Workspace;
  /// One axis: a tridiagonal (periodic: cyclic) system per line, coefficients made on the way.
  struct Sweep {
    Bundles bundles;
    Boundary boundary;
    double coupling;  ///< (gamma' + epsilon) / h^2
    double unit;      ///< gamma' / epsilon + 1

    void apply(const double* variance, const double* log_rho, bool short_waves, double* z) const;
    void make_coefficients(Workspace& work) const;
    void make_short_waves(Workspace& work) const;
    void solve_cyclic(Workspace& work) const;
  };
  ConditionalVariance variance_;
  Values log_rho_;
  std::vector<Sweep> sweeps_;
};

}  // namespace wpg
