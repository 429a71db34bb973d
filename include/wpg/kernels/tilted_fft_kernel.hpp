#pragma once
#include <memory>
#include <string>

#include "wpg/kernel.hpp"
#include "wpg/kernels/quadratic_fit.hpp"

namespace wpg {

class TiltedPlan;

/// The Gibbs kernel by fast Fourier transforms for inputs near a Gaussian, whatever their range: free axes, wide
/// kernels. For in = sum_k (-a_k x_k^2/2 + b_k x_k) + log w and r = 1/(1 + a epsilon), a > -1/epsilon, along each axis
///     G exp(in) (x) = exp(r (b x + (epsilon b^2 - a x^2)/2)) sqrt(r) (G_{r epsilon} w)(r (x + epsilon b))
/// exactly, with coordinates from the middle of the box: a plain convolution of the remainder w, read between cells
/// (kernels/tilted_line.hpp), neighbouring lines in lockstep. One exponential a cell at the start, one logarithm at the
/// end.
///
/// The form is a least-squares fit; it is separable, so a rotated Gaussian, whose x y term stays in the remainder,
/// is served while that is of small range.
///
/// Validity. Rounding and reading err by at most about 5e-15 of the largest w per axis, so an application is refused
/// where a wanted result is below that by more than range_limit() = accuracy / (5e-15 axes). Refused without a
/// transform: a remainder of a larger range than that, by a factor of e^2, in the rows that are fitted; and a wanted
/// cell whose point r (x + epsilon b) lies so far beyond a wall, where w is zero. So
///   - u, which decays like a density (a > 0, r < 1), is served while its remainder is flat;
///   - v = rho^(-gamma'/epsilon) (a < 0, r > 1) is served in a box shrunk by about 1/r, which a forward step with
///     gamma' / variance < gamma lambda leaves all mass in: apply_log_where asks for no more.
/// Zeros of the input (-infinity) are exact. r is kept to where the padding (12 sqrt(epsilon), r up to about 2) and
/// the reader (sqrt(r epsilon) >= 4.4 h) hold; the rest of the parabola stays in w.
class TiltedFftKernel final : public GibbsKernel {
 public:
  /// Whether all axes are free and sqrt(epsilon) is 4.4 h or more on each: else it cannot be made.
  static bool serves(const Grid& grid, double epsilon);

  /// Throws InvalidValue where it does not serve, and unless 1e-13 <= accuracy < 1.
  TiltedFftKernel(const Grid& grid, double epsilon, double accuracy = 1e-10);
  ~TiltedFftKernel() override;
  TiltedFftKernel(TiltedFftKernel&&) noexcept;

  void apply_log(const Values& in, Values& out) const override;
  void apply_log_where(const Values& masses, const Values& in, Values& out) const override;
  std::string_view name() const override { return "tilted-fft"; }

  /// The form that an application takes from `in`; `range` is that of the remainder.
  QuadraticFit fit(const Values& in) const;
  /// Whether try_apply_log is expected to serve, without a transform: estimates the results on a coarse lattice, for 3
  /// to 15 % of the time of an application (on lines up to 40 %). In JKO steps of some shapes it erred in 1 of 170.
  bool expects(const QuadraticFit& fit, const Values* masses, const Values& in) const;
  /// Like apply_log, or with masses apply_log_where, by a form that fit() made, but where that would throw, returns
  /// false and leaves `out` (and so `in`) as it was.
  bool try_apply_log(const QuadraticFit& fit, const Values* masses, const Values& in, Values& out) const;
  /// log of the largest ratio along an axis of the largest input to the smallest result, were the remainder constant.
  double log_ratio(const QuadraticFit& fit) const;

  /// Largest ratio of the largest remainder to the smallest result that is still served.
  double range_limit() const;
  /// Bytes held, scratch included.
  std::size_t memory() const override;

 private:
  bool admits(const QuadraticFit& fit, const Values* masses) const;
  std::string refusal(const QuadraticFit& fit) const;

  std::unique_ptr<TiltedPlan> plan_;
};

}  // namespace wpg
