#include "kernels/fft_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "line_batch.hpp"
#include "log_input.hpp"
#include "pack_scratch.hpp"
#include "simd.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Where inputs have been taken for zero, every result must be above exp(-shallowest) of the largest input: then they
/// do not matter.
constexpr double shallowest = 600.0;
static_assert(shallowest + 40.0 < log_input_depth);
/// A line of the input itself, which the other axes have not smoothed yet, must be out of range by this factor to
/// count.
constexpr double doubt = 0.05;

}  // namespace

FftPlan::FftPlan(const Grid& on, double epsilon, double relative)
    : accuracy(relative), grid_(on), spread_(std::sqrt(epsilon) / on.axis(0).spacing()), work_(on.size()) {
  if (grid_.dimension() == 1) {
    line_.emplace(grid_.axis(0), epsilon);
  } else {
    for (const Axis& axis : grid_.axes()) axes_.emplace_back(axis, epsilon);
  }
}

Index FftPlan::scratch() const {
  Index most = 0;
  for (const LineConvolution& axis : axes_) most = std::max(most, axis.points());
  return most;
}

void FftPlan::judge(int k, double top, double bottom, Pass& pass) const {
  const bool last = k + 1 == grid_.dimension();
  const double floor = last && pass.flushed ? std::exp(-shallowest) : 0.0;
  if (bottom >= pass.least_ratio * top && bottom >= floor) return;
  pass.refused = true;
  pass.ratio = bottom / top;
  pass.axis = k;
}

void FftPlan::convolve_batch(int k, Index number, const double* in, double* out, Pass& pass) const {
  const bool to_logarithm = pass.logarithmic && k + 1 == grid_.dimension();
  LineBatch batch(axes_[static_cast<std::size_t>(k)], lines(grid_, k), number, pack_scratch(scratch()));
  if (k > 0 || !pass.logarithmic) {
    batch.load(in);
  } else if (batch.load_exp(in, pass.shift)) {
    pass.flushed = true;
  }
  batch.convolve();
  to_logarithm ? batch.store_log(out, pass.shift) : batch.store(out);
  if (pass.least_ratio == 0.0) return;
  for (Index l = 0; l < batch.count(); ++l) judge(k, batch.largest(l), batch.smallest(l), pass);
}

void FftPlan::convolve_line(const double* in, double* out, Pass& pass) const {
  const Index n = grid_.size();
  if (!pass.logarithmic) {
    std::copy_n(in, n, out);
  } else if (exponentiate(in, out, n, pass.shift)) {
    pass.flushed = true;
  }
  const double top = Eigen::Map<const Values>(out, n).abs().maxCoeff();
  if (top > 0.0) line_->convolve(out);
  if (pass.least_ratio > 0.0) judge(0, top, Eigen::Map<const Values>(out, n).minCoeff(), pass);
  for (Index i = 0; pass.logarithmic && i < n; i += lanes) {
    store_some(out + i, n - i, log(load_some(out + i, n - i, 1.0)) + pass.shift);
  }
}

/// Along axis k; the first takes the exponential of a logarithmic input, the last the logarithm of the results.
void FftPlan::sweep(int k, const double* in, double* out, Pass& pass) const {
  if (line_) return convolve_line(in, out, pass);
  const Index batches = LineBatch::batches(lines(grid_, k));
  // From the middle on: where the range is too large, it mostly is so there, and the rest is skipped.
  parallel_for(batches, [&](Index b) {
    if (!pass.refused) convolve_batch(k, (b + batches / 2) % batches, in, out, pass);
  });
}

/// Whether even the largest input within reach of the lowest cell of the line is too low for its result to be in range.
bool FftPlan::out_of_reach(const Values& in, double shift) const {
  constexpr double deviations = 8.0;  // beyond which the kernel's weights sum to 1e-15
  const Axis& axis = grid_.axis(0);
  Index lowest = 0;
  in.minCoeff(&lowest);
  const auto reach = static_cast<Index>(std::min(static_cast<double>(axis.cells), deviations * spread_ + 1.0));
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
bool FftPlan::hopeless(const Values& in, double shift) {
  if (line_) return out_of_reach(in, shift);
  Pass pass;
  pass.least_ratio = doubt * rounding / accuracy;
  for (int k = 1; k < grid_.dimension() && !pass.refused; ++k) {
    const Lines all = lines(grid_, k);
    const Index number = all.count / 2 / LineBatch::width;
    LineBatch batch(axes_[static_cast<std::size_t>(k)], all, number, pack_scratch(scratch()));
    batch.load_exp(in.data(), shift);
    batch.convolve();
    batch.store(work_.data());
    for (Index l = 0; l < batch.count(); ++l) judge(k, batch.largest(l), batch.smallest(l), pass);
  }
  return pass.refused;
}

bool FftPlan::apply_log(const Values& in, Values& out, Pass& pass, bool try_first) {
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
  sweep(0, in.data(), work_.data(), pass);
  for (int k = 1; k < grid_.dimension() && !pass.refused; ++k) sweep(k, work_.data(), work_.data(), pass);
  if (pass.refused) return false;
  out.swap(work_);
  return true;
}

void FftPlan::apply(const Values& in, Values& out) {
  Pass pass;
  sweep(0, in.data(), out.data(), pass);
  for (int k = 1; k < grid_.dimension(); ++k) sweep(k, out.data(), out.data(), pass);
}

std::size_t FftPlan::memory() const {
  std::size_t bytes = static_cast<std::size_t>(grid_.size()) * sizeof(double);
  bytes += static_cast<std::size_t>(threads() * scratch()) * sizeof(ComplexPack);
  for (const LineConvolution& axis : axes_) bytes += axis.memory();
  if (line_) bytes += line_->memory();
  return bytes;
}

}  // namespace wpg
