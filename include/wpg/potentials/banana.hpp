#pragma once
#include "wpg/potential.hpp"

namespace wpg {

/// The twisted Gaussian of Haario, Saksman, Tamminen (1999), in two dimensions:
///
///     V(x, y) = x^2 / (2 s^2) + (y - bend (x^2 - s^2))^2 / (2 t^2),   s, t = deviations.
///
/// exp(-V) has the integral 2 pi s t, mean zero and covariance diag(s^2, t^2 + 2 bend^2 s^4), for any bend.
class Banana final : public Potential {
 public:
  /// Throws InvalidValue unless the deviations are two positive numbers and bend is finite.
  Banana(double bend, const Point& deviations);

  double value(const Point& x) const override;
  Point gradient(const Point& x) const override;
  Tensor hessian(const Point& x) const override;

 private:
  double height(const Point& x) const { return x[1] - bend_ * (x[0] * x[0] - s2_); }

  double bend_;
  double s2_ = 1.0;
  double t2_ = 1.0;
};

}  // namespace wpg
