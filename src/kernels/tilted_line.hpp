#pragma once
#include <vector>

#include "kernels/spline_reader.hpp"

namespace wpg {

/// The Gibbs kernel on lines of a free axis whose logarithms are near a parabola. With x and y in cells from the middle
/// of the axis, v = epsilon/h^2 and r = 1/(1 + a v), a > -1/v, completing the square gives exactly
///     sum_y exp(-(x - y)^2 / (2 v) - a y^2/2 + b y) w_y
///         = exp(r (b x + (v b^2 - a x^2)/2)) sum_y exp(-(s - y)^2 / (2 r v)) w_y,    s = r (x + v b):
/// a plain convolution of the remainder w, with a Gaussian of variance r v, read at the points s. An FFT of the line
/// padded with zeros makes it (TiltedBatch, TiltedSingle), SplineReader reads it. The Gaussian's normalisation changes
/// by sqrt(r). Here is what these go by.
class TiltedLine {
 public:
  /// A Gaussian of variance `variance`, in cells, on a free axis of `cells` cells.
  TiltedLine(Index cells, double variance);
  /// Length of the transforms.
  static Index length_for(Index cells, double variance);

  Index cells() const { return cells_; }
  Index length() const { return length_; }
  /// Zeros in front of the line.
  Index lead() const { return lead_; }

  /// The curvatures a that the padding and the reader serve.
  double least_curvature() const { return (1.0 / largest_r_ - 1.0) / variance_; }
  double largest_curvature() const { return (1.0 / smallest_r_ - 1.0) / variance_; }
  /// Sets the parabola, a within these bounds, and with it spread, points, forms and losses.
  void tilt(double a, double b);
  /// Sets symbol and reader for this parabola.
  void prepare();

  /// sqrt(r v), the standard deviation of the convolution in cells.
  double spread() const { return spread_; }
  /// The point s of every cell, in cells from the first of the line.
  double point(Index cell) const { return positions_[static_cast<std::size_t>(cell)] - static_cast<double>(lead_); }
  /// What results carry, with the change of the normalisation: r (b x + (v b^2 - a x^2)/2) + log(r)/2.
  static double result_form(double a, double b, double variance, double x);
  const std::vector<double>& result_forms() const { return forms_; }
  /// d^2 / (2 r v) where s is d beyond a wall: -log of what results there are at most, relative to the largest
  /// remainder. Infinity where d is more than the padding serves; results there are zero.
  const std::vector<double>& losses() const { return losses_; }

  /// Factors of the frequencies 0 ... length/2 of the padded line, with the 1/length of the transforms: they make it
  /// the coefficients of the reader's spline.
  const std::vector<double>& symbol() const { return symbol_; }
  /// Reads the padded line at the points.
  const SplineReader& reader() const { return reader_; }

  /// Bytes held.
  std::size_t memory() const;

 private:
  void set_symbol(int order);

  Index cells_;
  double variance_;
  Index length_;
  Index lead_;
  double smallest_r_, largest_r_;
  double spread_ = 0.0;
  std::vector<double> half_squares_;    ///< of the wave numbers, k^2/2
  std::vector<double> log_transforms_;  ///< of the reader's spline
  std::vector<double> symbol_, positions_, forms_, losses_;
  SplineReader reader_;
};

}  // namespace wpg
