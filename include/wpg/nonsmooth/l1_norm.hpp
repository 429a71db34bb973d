#pragma once
#include "wpg/nonsmooth.hpp"

namespace wpg {

/// F(x) = sum_k weight_k |x_k|, minus the logarithm of a Laplace prior. Its proximal map is soft thresholding,
/// x_k -> sign(x_k) max(|x_k| - gamma weight_k, 0).
class L1Norm final : public Nonsmooth {
 public:
  /// One weight per axis; 0 leaves an axis alone. Throws InvalidValue("weight", ...) unless they are finite, none is
  /// negative and one is positive.
  explicit L1Norm(Point weights);

  std::string_view name() const override { return "l1"; }
  double value(const Point& x) const override;
  Point prox(const Point& x, double gamma) const override;
  bool separable() const override { return true; }

 private:
  Point weights_;
};

}  // namespace wpg
