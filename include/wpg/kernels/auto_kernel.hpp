#pragma once
#include "wpg/kernels/either_fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

namespace wpg {

/// The cheapest of the FFT, the tilted FFT and the truncated kernel that is valid for the input at hand. Which ones are
/// expected to be cheaper than the truncated kernel is decided once, from a model of the cost per cell (measured on one
/// machine; only ratios matter): the truncated kernel's grows with sqrt(epsilon)/h up to about 7, those of the FFT
/// kernels with the prime factors of their transforms' lengths. So the plain one is tried nearly everywhere but on
/// single lines with a narrow kernel, unless the parabola nearest to the input tells that it will refuse; then the
/// tilted one, which serves inputs near a Gaussian whatever their range, on free axes, where an estimate on a coarse
/// lattice tells that it will. What both refuse, mostly after a look at some rows or with the first lines, goes to the
/// truncated kernel, which serves any input. The choice depends on grid, epsilon and input alone, never on timing or on
/// earlier applications.
class AutoKernel final : public GibbsKernel {
 public:
  /// Throws InvalidValue for an epsilon that a back-end refuses.
  AutoKernel(const Grid& grid, double epsilon);

  void apply_log(const Values& in, Values& out) const override;
  void apply_log_where(const Values& masses, const Values& in, Values& out) const override;
  std::size_t memory() const override { return truncated_.memory() + fft_.memory(); }
  /// The back-end that served the last application; "auto" before the first.
  std::string_view name() const override { return name_; }
  /// Whether a plain or a tilted FFT is expected to be cheaper than the truncated kernel and so is tried.
  bool tries_fft() const { return fft_.tries_plain(); }
  bool tries_tilted_fft() const { return fft_.tries_tilted(); }

 private:
  void apply(const Values* masses, const Values& in, Values& out) const;

  TruncatedKernel truncated_;
  EitherFftKernel fft_;
  mutable std::string_view name_ = "auto";
};

}  // namespace wpg
