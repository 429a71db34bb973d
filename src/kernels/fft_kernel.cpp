#include "wpg/kernels/fft_kernel.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>
#include <vector>

#include "line_batch.hpp"
#include "log_input.hpp"
#include "simd.hpp"
#include "single_line.hpp"
#include "wpg/error.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Bound on the rounding of a line's result, in units of its largest input. Measured for 16 to 16384 cells and all
/// boundaries: at most 4 machine epsilons for lengths of small factors, 9 for primes.
constexpr double rounding = 16.0 * std::numeric_limits<double>::epsilon();
/// Where inputs have been taken for zero, every result must be above exp(-shallowest) of the largest input: then they
/// do not matter.
constexpr double shallowest = 600.0;
static_assert(shallowest + 40.0 < log_input_depth);
/// A line of the input itself, which the other axes have not smoothed yet, must be out of range by this factor to
/// count.
constexpr double doubt = 0.05;

/// Scratch of the calling thread, kept between calls.
ComplexPack* thread_scratch(Index packs) {
  struct alignas(64) Line {
    double values[8];
  };
  thread_local std::vector<Line> lines;
  const std::size_t needed = (static_cast<std::size_t>(packs) * sizeof(ComplexPack) + sizeof(Line) - 1) / sizeof(Line);
  if (lines.size() < needed) lines.resize(needed);
  return reinterpret_cast<ComplexPack*>(lines.data());
}

double checked_accuracy(double accuracy) {
  if (accuracy >= 1e-13 && accuracy < 1.0) return accuracy;
  throw InvalidValue("accuracy", (std::ostringstream() << accuracy).str(), "in [1e-13, 1)");
}

}  // namespace

struct FftKernel::Plan {
  Plan(const Grid& on, double epsilon, double relative)
      : grid(on), spread(std::sqrt(epsilon) / on.axis(0).spacing()), accuracy(relative), work(on.size()) {
    if (grid.dimension() == 1) {
      line.emplace(grid.axis(0), epsilon);
    } else {
      for (const Axis& axis : grid.axes()) axes.emplace_back(axis, epsilon);
    }
  }

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

  Index scratch() const {
    Index most = 0;
    for (const LineConvolution& axis : axes) most = std::max(most, axis.points());
    return most;
  }
  void judge(int k, double top, double bottom, Pass& pass) const;
  void convolve_batch(int k, Index number, const double* in, double* out, Pass& pass) const;
  void convolve_line(const double* in, double* out, Pass& pass) const;
  void sweep(int k, const double* in, double* out, Pass& pass) const;
  bool out_of_reach(const Values& in, double shift) const;
  bool hopeless(const Values& in, double shift) const;
  bool apply_log(const Values& in, Values& out, Pass& pass, bool try_first) const;

  Grid grid;
  double spread;  ///< sqrt(epsilon)/h of the first axis
  double accuracy;
  std::vector<LineConvolution> axes;  ///< of two and more dimensions
  std::optional<SingleLine> line;     ///< of one
  mutable Values work;
};

void FftKernel::Plan::judge(int k, double top, double bottom, Pass& pass) const {
  const bool last = k + 1 == grid.dimension();
  const double floor = last && pass.flushed ? std::exp(-shallowest) : 0.0;
  if (bottom >= pass.least_ratio * top && bottom >= floor) return;
  pass.refused = true;
  pass.ratio = bottom / top;
  pass.axis = k;
}

void FftKernel::Plan::convolve_batch(int k, Index number, const double* in, double* out, Pass& pass) const {
  const bool last = k + 1 == grid.dimension();
  LineBatch batch(axes[static_cast<std::size_t>(k)], lines(grid, k), number, thread_scratch(scratch()));
  if (k > 0 || !pass.logarithmic) {
    batch.load(in);
  } else if (batch.load_exp(in, pass.shift)) {
    pass.flushed = true;
  }
  batch.convolve();
  last&& pass.logarithmic ? batch.store_log(out, pass.shift) : batch.store(out);
  if (pass.least_ratio == 0.0) return;
  for (Index l = 0; l < batch.count(); ++l) judge(k, batch.largest(l), batch.smallest(l), pass);
}

void FftKernel::Plan::convolve_line(const double* in, double* out, Pass& pass) const {
  const Index n = grid.size();
  if (!pass.logarithmic) {
    std::copy_n(in, n, out);
  } else if (exponentiate(in, out, n, pass.shift)) {
    pass.flushed = true;
  }
  const double top = Eigen::Map<const Values>(out, n).abs().maxCoeff();
  if (top > 0.0) line->convolve(out);
  if (pass.least_ratio > 0.0) judge(0, top, Eigen::Map<const Values>(out, n).minCoeff(), pass);
  for (Index i = 0; pass.logarithmic && i < n; i += lanes) {
    store_some(out + i, n - i, log(load_some(out + i, n - i, 1.0)) + pass.shift);
  }
}

/// Along axis k; the first takes the exponential of a logarithmic input, the last the logarithm of the results.
void FftKernel::Plan::sweep(int k, const double* in, double* out, Pass& pass) const {
  if (line) return convolve_line(in, out, pass);
  const Index batches = LineBatch::batches(lines(grid, k));
  // From the middle on: where the range is too large, it mostly is so there, and the rest is skipped.
  parallel_for(batches, [&](Index b) {
    if (!pass.refused) convolve_batch(k, (b + batches / 2) % batches, in, out, pass);
  });
}

/// Whether even the largest input within reach of the lowest cell of the line is too low for its result to be in range.
bool FftKernel::Plan::out_of_reach(const Values& in, double shift) const {
  constexpr double deviations = 8.0;  // beyond which the kernel's weights sum to 1e-15
  const Axis& axis = grid.axis(0);
  Index lowest = 0;
  in.minCoeff(&lowest);
  const auto reach = static_cast<Index>(std::min(static_cast<double>(axis.cells), deviations * spread + 1.0));
  double top = -infinity;
  for (Index i = lowest - reach; i <= lowest + reach; ++i) {
    const bool outside = i < 0 || i >= axis.cells;
    if (outside && axis.boundary != Boundary::periodic) continue;  // mirror images are of cells within reach
    top = std::max(top, in[(i + axis.cells) % axis.cells]);
  }
  return top - shift < std::log(doubt * rounding / accuracy);
}

/// Whether the lines in the middle of the box along any axis but the first, taken from the input, are far out of range.
/// Uses the work field.
bool FftKernel::Plan::hopeless(const Values& in, double shift) const {
  Pass pass;
  pass.least_ratio = doubt * rounding / accuracy;
  if (line) return out_of_reach(in, shift);
  for (int k = 1; k < grid.dimension() && !pass.refused; ++k) {
    const Lines all = lines(grid, k);
    const Index number = all.count / 2 / LineBatch::width;
    LineBatch batch(axes[static_cast<std::size_t>(k)], all, number, thread_scratch(scratch()));
    batch.load_exp(in.data(), shift);
    batch.convolve();
    batch.store(work.data());
    for (Index l = 0; l < batch.count(); ++l) judge(k, batch.largest(l), batch.smallest(l), pass);
  }
  return pass.refused;
}

bool FftKernel::Plan::apply_log(const Values& in, Values& out, Pass& pass, bool try_first) const {
  pass.logarithmic = true;
  pass.least_ratio = rounding / accuracy;
  pass.shift = largest_log(in);
  if (pass.shift == -infinity) {
    out = in;
    return true;
  }
  if (pass.shift == infinity) {
    pass.ratio = std::numeric_limits<double>::quiet_NaN();
    return false;
  }
  if (try_first && hopeless(in, pass.shift)) return false;
  sweep(0, in.data(), work.data(), pass);
  for (int k = 1; k < grid.dimension() && !pass.refused; ++k) sweep(k, work.data(), work.data(), pass);
  if (pass.refused) return false;
  out.swap(work);
  return true;
}

FftKernel::FftKernel(const Grid& grid, double epsilon, double accuracy)
    : plan_(std::make_unique<Plan>(grid, checked_variance("epsilon", epsilon), checked_accuracy(accuracy))) {}
FftKernel::~FftKernel() = default;
FftKernel::FftKernel(FftKernel&&) noexcept = default;

bool FftKernel::try_apply_log(const Values& in, Values& out) const {
  Plan::Pass pass;
  return plan_->apply_log(in, out, pass, true);
}

void FftKernel::apply_log(const Values& in, Values& out) const {
  Plan::Pass pass;
  if (plan_->apply_log(in, out, pass, false)) return;
  std::ostringstream line;
  if (std::isnan(pass.ratio)) {
    line << "fft kernel: the input holds a value that is not a number or +infinity";
  } else {
    line << "fft kernel: along axis " << pass.axis << " the results fall to " << pass.ratio
         << " of the largest input, and below " << 1.0 / range_limit() << " the relative error would exceed "
         << plan_->accuracy << " (use kernel = truncated or auto)";
  }
  throw KernelRangeError(line.str());
}

void FftKernel::apply(const Values& in, Values& out) const {
  Plan::Pass pass;
  plan_->sweep(0, in.data(), out.data(), pass);
  for (int k = 1; k < plan_->grid.dimension(); ++k) plan_->sweep(k, out.data(), out.data(), pass);
}

double FftKernel::range_limit() const { return plan_->accuracy / rounding; }

std::size_t FftKernel::memory() const {
  std::size_t bytes = static_cast<std::size_t>(plan_->grid.size()) * sizeof(double);
  bytes += static_cast<std::size_t>(threads() * plan_->scratch()) * sizeof(ComplexPack);
  for (const LineConvolution& axis : plan_->axes) bytes += axis.memory();
  if (plan_->line) bytes += plan_->line->memory();
  return bytes;
}

}  // namespace wpg
