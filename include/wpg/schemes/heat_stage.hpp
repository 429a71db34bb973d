#pragma once
#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/scheme.hpp"

namespace wpg {

/// Heat flow: convolution of the density with the Gaussian of variance `variance` per axis (time variance/2 of
/// d rho/dt = laplacian rho), mirrored, wrapped or cut off at the boundary as the axis says. Exact on the grid: flows
/// of variances s and t compose to that of s + t up to exp(-2 pi^2 variance/h^2) of the smallest.
///
/// On reflecting and periodic axes mass is conserved to rounding; through the ends of a free axis it leaves the box.
/// Where rho is below about 1e-16 of the largest value in its line the result is rounding noise; its negative part is
/// set to zero, the rest scaled so that the mass is what it was before clipping, and the clipped share of the mass
/// added to report.transport.limited_mass.
class HeatStage final : public Stage {
 public:
  /// Throws InvalidValue("variance", ...) unless it is finite and > 0.
  HeatStage(const Grid& grid, double variance);

  std::string_view name() const override { return "heat"; }
  void apply(Field& rho, StepReport& report) override;
  std::size_t memory() const override { return kernel_.memory(); }

 private:
  FftKernel kernel_;
};

}  // namespace wpg
