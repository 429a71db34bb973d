#pragma once
#include <optional>

#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

namespace wpg {

/// The cheaper of the FFT and the truncated kernel that is valid for the input at hand. Which one is expected to be
/// cheaper is decided once, from a model of the cost per cell (measured on one machine; only ratios matter): the
/// truncated kernel's grows with sqrt(epsilon)/h up to about 7, the FFT kernel's with the prime factors of the length
/// of its transforms. Where the FFT kernel is expected to win it is tried first, which is everywhere but at large prime
/// factors and on single lines with a narrow kernel; its refusal, which mostly comes with the first lines, hands the
/// application to the other. The choice depends on grid, epsilon and input alone, never on timing or on earlier
/// applications.
///
/// Why no quadratic tilt. With in = -a x^2/2 + b x + log w and r = 1/(1 + a epsilon), a > -1/epsilon,
///     G exp(in) (x) = exp(r (b x + (epsilon b^2 - a x^2)/2)) sqrt(r) (G_{r epsilon} w)(r (x + epsilon b)),
/// a plain convolution of the remainder w, but at points r times closer (or farther) than the grid's: since only the
/// product x y of the exponent couples the two lattices, no quadratic tilt but r = 1 leaves both the same, and an FFT
/// needs a chirp transform. Near Gaussian equilibria v is convex, so r > 1 and points beyond the wall are asked for:
/// there G w falls off, to e^-10 (where an FFT of 1e-10 relative accuracy must refuse) as gamma/variance reaches 0.1,
/// 0.25, 0.5 at sqrt(epsilon)/h = 4, 8, 16 (256 cells, 5 deviations to a wall); a plain FFT refuses from 0.02, 0.05,
/// 0.2 on. For that window a tilted FFT at 256^2 would take 0.69 ms (summed from the measured times of its parts: a
/// plain application with three transforms of length 400 for two of 256), and beyond that a fit, three multiplications
/// by chirps and an exponential and a logarithm per axis; the truncated kernel, which serves any input, takes 0.65,
/// 0.85 and 0.82 ms.
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
