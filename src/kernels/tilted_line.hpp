#pragma once
#include <array>
#include <complex>
#include <vector>

#include "fftw.hpp"
#include "kernels/spline_reader.hpp"

namespace wpg {

/// The Gibbs kernel on lines of a free axis whose logarithms are near a parabola. With x and y in cells from the middle
/// of the axis, v = epsilon/h^2 and r = 1/(1 + a v), a > -1/v, completing the square gives exactly
///     sum_y exp(-(x - y)^2 / (2 v) - a y^2/2 + b y) w_y
///         = exp(r (b x + (v b^2 - a x^2)/2)) sum_y exp(-(s - y)^2 / (2 r v)) w_y,    s = r (x + v b):
/// a plain convolution of the remainder w, with a Gaussian of variance r v, read at the points s. An FFT of the line
/// padded with zeros makes it, SplineReader reads it. The Gaussian's normalisation changes by sqrt(r).
class TiltedLine {
 public:
  static constexpr Index width = 8;
  template <class T>
  using PerLine = std::array<T, static_cast<std::size_t>(width)>;

  /// A Gaussian of variance `variance`, in cells, on a free axis of `cells` cells.
  TiltedLine(Index cells, double variance);
  /// Length of the transforms.
  static Index length_for(Index cells, double variance);

  /// The curvatures a that the padding and the reader serve.
  double least_curvature() const { return (1.0 / largest_r_ - 1.0) / variance_; }
  double largest_curvature() const { return (1.0 / smallest_r_ - 1.0) / variance_; }
  /// Sets the parabola, a within these bounds, and with it forms and losses.
  void tilt(double a, double b);
  /// Prepares for apply() with this parabola.
  void prepare();

  /// What results carry, with the change of the normalisation: r (b x + (v b^2 - a x^2)/2) + log(r)/2.
  static double result_form(double a, double b, double variance, double x);
  const std::vector<double>& result_forms() const { return forms_; }
  /// d^2 / (2 r v) where s is d beyond a wall: -log of what results there are at most, relative to the largest
  /// remainder. Infinity where d is more than the padding serves; results there are zero.
  const std::vector<double>& losses() const { return losses_; }

  /// Complex numbers of scratch for one batch of up to `width` lines.
  Index scratch() const { return (width / 2 + 1) * pitch_; }
  /// Sums and reads `count` lines of remainders, which are `stride` apart in memory from cell to cell. Beyond `count`,
  /// `in` and `out` repeat the last line.
  void apply(const PerLine<const double*>& in, const PerLine<double*>& out, Index count, Index stride,
             std::complex<double>* memory) const;
  /// Bytes held.
  std::size_t memory() const;

 private:
  void set_symbol(int order);
  void pack(const PerLine<const double*>& in, Index pairs, Index stride, std::complex<double>* packed) const;
  void convolve(std::complex<double>* z, std::complex<double>* y) const;

  Index cells_;
  double variance_;
  FourierTransform transform_;
  Index pitch_;
  Index lead_;  ///< zeros in front of the line
  double smallest_r_, largest_r_;
  double spread_ = 0.0;                 ///< sqrt(r v)
  std::vector<double> half_squares_;    ///< of the wave numbers, k^2/2
  std::vector<double> log_transforms_;  ///< of the reader's spline
  std::vector<double> symbol_, positions_, forms_, losses_;
  SplineReader reader_;
};

}  // namespace wpg
