#pragma once
#include <optional>

#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

namespace wpg {

/// The cheaper of the FFT and the truncated kernel that is valid for the input at hand. Which one is expected to be
/// cheaper is decided once, from a model of the cost per cell (measured on one machine; only ratios matter): the
/// truncated kernel's grows with sqrt(epsilon)/h, the FFT kernel's does not. Where the FFT kernel is expected to win it
/// is tried first, and its refusal, which mostly comes with the first lines, hands the application to the other.
/// The choice depends on grid, epsilon and input alone, never on timing or on earlier applications.
class AutoKernel final : public GibbsKernel {
 public:
  /// Throws InvalidValue for an epsilon that either back-end refuses.
  AutoKernel(const Grid& grid, double epsilon);

  void apply_log(const Values& in, Values& out) const override;
  /// The back-end that served the last application; "auto" before the first.
  std::string_view name() const override { return name_; }
  /// Whether the FFT kernel is expected to be cheaper and so is tried first.
  bool tries_fft() const { return fft_.has_value(); }

 private:
  TruncatedKernel truncated_;
  std::optional<FftKernel> fft_;
  mutable std::string_view name_ = "auto";
};

}  // namespace wpg
