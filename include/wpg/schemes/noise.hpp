#pragma once
#include <vector>

#include "wpg/field.hpp"
#include "wpg/transport.hpp"

namespace wpg {

/// Where a standard Gaussian of the grid's dimension is evaluated, and with which share.
struct NoiseNode {
  Point offset;
  double weight = 0.0;
};

/// Noise injected into the positions at which an explicit step evaluates its velocity (Arbel, Korba, Salim, Gretton
/// 2019, section 4): x_{n+1} = x_n + gamma v(x_n + beta_n u), u a standard Gaussian, beta_n = strength n^-decay in
/// the n-th step. The law of such a step is the mixture over u of the pushforwards by x + gamma v(x + beta_n u). It is
/// integrated by a product of Gauss-Hermite rules: exact in its mean and covariance where v is a polynomial of degree
/// nodes - 1 over the reach of the noise.
class Noise {
 public:
  /// Throws InvalidValue unless strength > 0, decay >= 0 and 1 <= nodes <= 64, and where a node would lie beyond four
  /// widths of the box.
  Noise(const Grid& grid, double strength, double decay, int nodes);

  /// The grid, with as many cells more at every end that is not periodic as the noise can reach: where the velocity
  /// has to be known.
  const Grid& wide_grid() const { return wide_; }
  double strength(Index step) const;
  const std::vector<NoiseNode>& nodes() const { return nodes_; }
  /// Copies a density on the grid into one on the wide grid; the margin stays as it is.
  void embed(const Field& rho, Field& wide) const;

 private:
  Grid grid_, wide_;
  double strength_, decay_;
  std::vector<NoiseNode> nodes_;
};

/// x + step v(x + offset) for a map x + step v(x); on periodic axes the shifted point is wrapped. Keeps a reference.
class ShiftedMap final : public GradientMap {
 public:
  ShiftedMap(const Grid& grid, const GradientMap& map, Point offset)
      : grid_(grid), map_(map), offset_(std::move(offset)) {}

  Point value(const Point& x) const override {
    const Point y = shifted(x);
    return x + (map_.value(y) - y);
  }
  Tensor jacobian(const Point& x) const override { return map_.jacobian(shifted(x)); }

 private:
  Point shifted(const Point& x) const;

  const Grid& grid_;
  const GradientMap& map_;
  Point offset_;
};

}  // namespace wpg
