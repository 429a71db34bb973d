#pragma once
#include <atomic>
#include <limits>
#include <optional>
#include <vector>

#include "line_batch.hpp"
#include "single_line.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// The sweeps of the FFT kernel over a box, and the judgement of their results: see FftKernel for what is admissible.
class FftPlan {
 public:
  FftPlan(const Grid& grid, double epsilon, double accuracy);

  /// What the batches of an application agree on and find out.
  struct Pass {
    bool logarithmic = false;
    double least_ratio = 0.0;  ///< smallest admissible result / largest input of a line; 0: anything goes
    double shift = 0.0;        ///< of the logarithmic input
    std::atomic<bool> flushed{false};
    std::atomic<bool> refused{false};
    std::atomic<double> ratio{1.0};
    std::atomic<int> axis{0};
  };

  /// out = log(G exp(in)), or returns false and leaves `out` as it was, with the reason in `pass`; ratio NaN: the input
  /// holds what is not a number or +infinity. `try_first`: gives up where a few lines tell that it is bound to fail.
  bool apply_log(const Values& in, Values& out, Pass& pass, bool try_first);
  /// out = G in.
  void apply(const Values& in, Values& out);

  double range_limit() const { return accuracy / rounding; }
  /// Bytes held, scratch included.
  std::size_t memory() const;

  double accuracy;

 private:
  /// Bound on the rounding of a line's result, in units of its largest input. Measured for 16 to 16384 cells and all
  /// boundaries: at most 4 machine epsilons for lengths of small factors, 9 for primes.
  static constexpr double rounding = 16.0 * std::numeric_limits<double>::epsilon();

  Index scratch() const;
  void judge(int k, double top, double bottom, Pass& pass) const;
  void convolve_batch(int k, Index number, const double* in, double* out, Pass& pass) const;
  void convolve_line(const double* in, double* out, Pass& pass) const;
  void sweep(int k, const double* in, double* out, Pass& pass) const;
  bool out_of_reach(const Values& in, double shift) const;
  bool hopeless(const Values& in, double shift);

  Grid grid_;
  double spread_;                      ///< sqrt(epsilon)/h of the first axis
  std::vector<LineConvolution> axes_;  ///< of two and more dimensions
  std::optional<SingleLine> line_;     ///< of one
  Values work_;
};

}  // namespace wpg
