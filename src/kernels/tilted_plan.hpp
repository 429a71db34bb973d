#pragma once
#include <atomic>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/tilted_line.hpp"
#include "wpg/kernels/quadratic_fit.hpp"

namespace wpg {

/// The sweeps of the tilted FFT kernel over a box of free axes, by a quadratic form that is given.
class TiltedPlan {
 public:
  TiltedPlan(const Grid& grid, double epsilon, double accuracy);

  /// log of the largest ratio of the largest remainder to a result that is served. Transforms of lengths with small
  /// factors err by below 4 machine epsilons of the largest input of a line (measured), for 8 here, their padding by
  /// 1e-15; every axis adds its own.
  double log_limit() const { return std::log(accuracy / (rounding * grid.dimension())); }
  /// Sets the form.
  void tilt(const QuadraticFit& fit);
  /// The largest loss by points beyond walls among the cells in which masses are positive, of every fourth row; without
  /// masses of all cells.
  double largest_loss(const Values* masses) const;
  /// Sets the work field to the sums over exp(in - form - fit.top), and returns the largest of these; infinity where
  /// `in` holds what is not a number or much too large.
  double convolve(const QuadraticFit& fit, const Values& in);
  /// Whether all results wanted are large enough beside the largest remainder.
  bool accurate(double top, const Values* masses) const;
  /// out = log(work field) + the form of the results + shift.
  void take_logarithms(double shift, Values& out) const;
  /// Bytes held, scratch included.
  std::size_t memory() const;

  Grid grid;
  double accuracy;
  std::vector<double> variances;  ///< epsilon/h^2 per axis
  std::vector<TiltedLine> axes;
  QuadraticFitter fitter;

 private:
  static constexpr double rounding = 8.0 * std::numeric_limits<double>::epsilon() + 1e-15 + SplineReader::accuracy;

  Index rows() const { return grid.size() / grid.axis(0).cells; }
  Index scratch() const { return scratch_ + TiltedLine::width / 2 * (grid.axis(0).cells + 1); }
  double over_row(Index row, const std::vector<double>& (TiltedLine::*table)() const) const;
  void convolve_batch(int k, Index number, const QuadraticFit& fit, const Values* in, std::atomic<double>& top);
  void sweep(int k, const QuadraticFit& fit, const Values* in, std::atomic<double>& top);

  Index scratch_ = 0;
  std::vector<double> form_;  ///< of the first axis
  Values work_;
};

}  // namespace wpg
