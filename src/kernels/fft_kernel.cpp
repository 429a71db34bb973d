#include "wpg/kernels/fft_kernel.hpp"

#include <atomic>
#include <cmath>
#include <limits>
#include <sstream>
#include <vector>

#include "line_batch.hpp"
#include "log_input.hpp"
#include "simd.hpp"
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
std::complex<double>* thread_scratch(Index size) {
  thread_local FftBuffer buffer;
  if (buffer.size() < size) buffer = FftBuffer(size);
  return buffer.data();
}

double checked_accuracy(double accuracy) {
  if (accuracy >= 1e-13 && accuracy < 1.0) return accuracy;
  throw InvalidValue("accuracy", (std::ostringstream() << accuracy).str(), "in [1e-13, 1)");
}

}  // namespace

struct FftKernel::Plan {
  Plan(const Grid& on, double epsilon, double relative) : grid(on), accuracy(relative), work(on.size()) {
    for (const Axis& axis : grid.axes()) axes.emplace_back(axis, epsilon);
  }

  /// What the batches of an application agree on and find out.
  struct Pass {
    double least_ratio = 0.0;  ///< smallest admissible result / largest input of a line; 0: anything goes
    double shift = 0.0;        ///< of the logarithmic input, where there is one
    std::atomic<bool> flushed{false};
    std::atomic<bool> refused{false};
    std::atomic<double> ratio{1.0};
    std::atomic<int> axis{0};
  };

  Index scratch() const {
    Index most = 0;
    for (const LineConvolution& axis : axes) most = std::max(most, LineBatch::scratch(axis));
    return most + LineBatch::width / 2 * (grid.axis(0).cells + 1);
  }
  void convolve_batch(int k, Index batch, const double* in, double* out, bool logarithmic, Pass& pass) const;
  void judge(int k, const LineBatch& batch, Pass& pass) const;
  void sweep(int k, const double* in, double* out, bool logarithmic, Pass& pass) const;
  bool hopeless(const Values& in, double shift) const;
  bool apply_log(const Values& in, Values& out, Pass& pass, bool try_first) const;

  Grid grid;
  double accuracy;
  std::vector<LineConvolution> axes;
  mutable Values work;
};

void FftKernel::Plan::convolve_batch(int k, Index number, const double* in, double* out, bool logarithmic,
                                     Pass& pass) const {
  const LineConvolution& axis = axes[static_cast<std::size_t>(k)];
  const Lines all = lines(grid, k);
  const Index count = std::min(LineBatch::width, all.count - number * LineBatch::width);
  std::complex<double>* const memory = thread_scratch(scratch());
  auto* const rows = reinterpret_cast<double*>(memory + LineBatch::scratch(axis));
  LineBatch::PerLine<const double*> from{};
  LineBatch::PerLine<double*> to{};
  for (Index l = 0; l < LineBatch::width; ++l) {
    const Index first = all.first(number * LineBatch::width + std::min(l, count - 1));
    const auto slot = static_cast<std::size_t>(l);
    from[slot] = logarithmic ? rows + std::min(l, count - 1) * all.length : in + first;
    to[slot] = out + first;
    if (logarithmic && l < count && exponentiate(in + first, rows + l * all.length, all.length, pass.shift)) {
      pass.flushed = true;
    }
  }
  LineBatch batch(axis, all.stride, memory);
  batch.convolve(from, count);
  batch.store(to);
  if (pass.least_ratio > 0.0) judge(k, batch, pass);
}

void FftKernel::Plan::judge(int k, const LineBatch& batch, Pass& pass) const {
  const bool last = k + 1 == grid.dimension();
  const double floor = last && pass.flushed ? std::exp(-shallowest) : 0.0;
  for (Index l = 0; l < batch.count(); ++l) {
    const double top = batch.largest()[static_cast<std::size_t>(l)];
    const double bottom = batch.smallest()[static_cast<std::size_t>(l)];
    if (bottom >= pass.least_ratio * top && bottom >= floor) continue;
    pass.refused = true;
    pass.ratio = bottom / top;
    pass.axis = k;
  }
}

void FftKernel::Plan::sweep(int k, const double* in, double* out, bool logarithmic, Pass& pass) const {
  const Index batches = (lines(grid, k).count + LineBatch::width - 1) / LineBatch::width;
  // From the middle on: where the range is too large, it mostly is so there, and the rest is skipped.
  parallel_for(batches, [&](Index b) {
    if (!pass.refused) convolve_batch(k, (b + batches / 2) % batches, in, out, logarithmic, pass);
  });
}

/// Whether the lines in the middle of the box along any axis but the first, taken from the input, are far out of range.
/// Uses the work field.
bool FftKernel::Plan::hopeless(const Values& in, double shift) const {
  Pass pass;
  pass.least_ratio = doubt * rounding / accuracy;
  for (int k = 1; k < grid.dimension() && !pass.refused; ++k) {
    const Lines all = lines(grid, k);
    const Index batch = all.count / 2 / LineBatch::width;
    const Index end = std::min(all.count, (batch + 1) * LineBatch::width);
    for (Index line = batch * LineBatch::width, run = 0; line < end; line += run) {
      run = std::min(end - line, all.stride - line % all.stride);
      for (Index i = 0; i < all.length; ++i) {
        const Index cell = all.first(line) + i * all.stride;
        exponentiate(in.data() + cell, work.data() + cell, run, shift);
      }
    }
    convolve_batch(k, batch, work.data(), work.data(), false, pass);
  }
  return pass.refused;
}

bool FftKernel::Plan::apply_log(const Values& in, Values& out, Pass& pass, bool try_first) const {
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
  sweep(0, in.data(), work.data(), true, pass);
  for (int k = 1; k < grid.dimension() && !pass.refused; ++k) sweep(k, work.data(), work.data(), false, pass);
  if (pass.refused) return false;
  parallel_blocks(work.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; i += lanes) {
      store_some(out.data() + i, end - i, log(load_some(work.data() + i, end - i, 1.0)) + pass.shift);
    }
  });
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
  plan_->sweep(0, in.data(), out.data(), false, pass);
  for (int k = 1; k < plan_->grid.dimension(); ++k) plan_->sweep(k, out.data(), out.data(), false, pass);
}

double FftKernel::range_limit() const { return plan_->accuracy / rounding; }

std::size_t FftKernel::memory() const {
  std::size_t bytes = static_cast<std::size_t>(plan_->grid.size()) * sizeof(double);
  bytes += static_cast<std::size_t>(threads() * plan_->scratch()) * sizeof(std::complex<double>);
  for (const LineConvolution& axis : plan_->axes) {
    bytes += static_cast<std::size_t>(axis.length()) * (sizeof(double) + sizeof(std::complex<double>));
  }
  return bytes;
}

}  // namespace wpg
