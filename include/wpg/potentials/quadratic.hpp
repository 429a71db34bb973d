#pragma once
#include "wpg/potential.hpp"

namespace wpg {

/// V(x) = (x - mean)^T precision (x - mean) / 2: the target is the Gaussian N(mean, precision^-1).
class Quadratic final : public Potential {
 public:
  /// Throws InvalidValue("precision", ...) unless it is symmetric and positive definite.
  Quadratic(Point mean, Tensor precision);

  double value(const Point& x) const override;
  Point gradient(const Point& x) const override;
  Tensor hessian(const Point& x) const override;

 private:
  Point mean_;
  Tensor precision_;
};

}  // namespace wpg
