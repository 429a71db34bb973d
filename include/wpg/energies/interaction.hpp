#pragma once
#include "wpg/convolution.hpp"
#include "wpg/energy.hpp"
#include "wpg/radial_kernel.hpp"

namespace wpg {

/// Half the double integral of W(x - y) rho(x) rho(y), with an even kernel W; its first variation is W * rho.
/// By FFT: exactly the double sum over the cell centres.
class Interaction final : public Energy {
 public:
  Interaction(const Grid& grid, const RadialKernel& W);

  std::string_view name() const override { return "interaction_energy"; }
  double value(const Field& rho) const override;
  void add_first_variation(const Field& rho, Values& sum) const override;
  std::size_t memory() const override {
    return convolution_.memory() + static_cast<std::size_t>(work_.values.size()) * sizeof(double);
  }

 private:
  Convolution convolution_;
  mutable Field work_;
};

}  // namespace wpg
