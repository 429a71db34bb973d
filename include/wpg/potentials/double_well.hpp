#pragma once
#include "wpg/potential.hpp"

namespace wpg {

/// V(x) = barrier (x_1^2 / well^2 - 1)^2 + stiffness (x_2^2 + ... + x_d^2) / 2: two minima of value zero at x_1 =
/// +-well, of curvature 8 barrier / well^2, and between them a saddle of height `barrier` and curvature -4 barrier /
/// well^2.
class DoubleWell final : public Potential {
 public:
  /// Throws InvalidValue unless all three are positive and finite.
  DoubleWell(double well, double barrier, double stiffness);

  double value(const Point& x) const override;
  Point gradient(const Point& x) const override;
  Tensor hessian(const Point& x) const override;

 private:
  double well_, barrier_, stiffness_;
};

}  // namespace wpg
