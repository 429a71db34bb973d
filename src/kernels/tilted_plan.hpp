#pragma once
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "kernels/coarse_sums.hpp"
#include "kernels/tilted_batch.hpp"
#include "kernels/tilted_single.hpp"
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
  /// Whether all results wanted are expected to be large enough beside the largest remainder, by an estimate.
  bool expects(const QuadraticFit& fit, const Values* masses, const Values& in);
  /// out = log(G exp(in)) by the form that is set; or returns false and leaves `out` as it was, where a wanted result
  /// is too small beside the largest remainder, or `in` holds what is not a number or much too large.
  bool apply(const QuadraticFit& fit, const Values* masses, const Values& in, Values& out);
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
  double over_row(Index row, const std::vector<double>& (TiltedLine::*table)() const) const;
  double over_line(Index line) const;
  void prepare(const QuadraticFit& fit);
  TiltedBatch batch(int k, Index number) const;
  double first_sweep(const QuadraticFit& fit, const Values& in);
  void middle_sweep(int k);
  bool last_sweep(double shift, double floor, const Values* masses);
  bool apply_line(const QuadraticFit& fit, const Values* masses, const Values& in);

  std::vector<LineTransform> transforms_;     ///< of two and more dimensions
  std::vector<std::vector<double>> factors_;  ///< the symbols, by place
  std::optional<TiltedSingle> line_;          ///< of one dimension
  Index scratch_ = 0;                         ///< packs that a thread needs
  std::vector<double> form_;                  ///< of the first axis
  CoarseSums coarse_;
  Values work_;
};

}  // namespace wpg
