#pragma once
#include "wpg/convolution.hpp"
#include "wpg/energy.hpp"
#include "wpg/radial_kernel.hpp"

namespace wpg {

/// Half the squared maximum mean discrepancy to a target pi (Arbel, Korba, Salim, Gretton 2019),
///     MMD^2/2 = half the double integral of k(x - y) (rho - pi)(x) (rho - pi)(y),
/// with a positive definite kernel k: a potential energy of V = -k * pi and an interaction of W = k, up to a constant.
/// Its first variation is k * (rho - pi). By FFT.
class Mmd final : public Energy {
 public:
  Mmd(Field target, const RadialKernel& k);

  std::string_view name() const override { return "half_mmd_squared"; }
  double value(const Field& rho) const override;
  void add_first_variation(const Field& rho, Values& sum) const override;
  /// The smaller of two bounds of the operator v -> -grad k * div(rho v) in L2(rho): mass times -Laplacian of k at 0
  /// (its trace), and the largest density times the integral of |Laplacian of k| (Young's inequality).
  double response_rate(const Field& rho) const override;
  std::size_t memory() const override {
    return convolution_.memory() + 3 * static_cast<std::size_t>(target_.values.size()) * sizeof(double);
  }

 private:
  /// difference_ = rho - pi, witness_ = k * (rho - pi).
  void witness(const Field& rho) const;

  Field target_;
  Convolution convolution_;
  double peak_, total_;  ///< -Laplacian of k at 0, and the integral of its absolute value over all offsets of the grid
  mutable Field difference_, witness_;
};

}  // namespace wpg
