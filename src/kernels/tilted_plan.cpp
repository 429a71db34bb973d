#include "kernels/tilted_plan.hpp"

#include <algorithm>

#include "kernels/log_input.hpp"
#include "simd.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// A remainder may exceed the largest one of the rows that were fitted by this, in logarithms.
constexpr double most_excess = 600.0;
/// What cells without accuracy hold at least, so that their logarithms are finite.
constexpr double least_result = 1e-300;

std::complex<double>* thread_scratch(Index size) {
  thread_local FftBuffer buffer;
  if (buffer.size() < size) buffer = FftBuffer(size);
  return buffer.data();
}

/// to = exp(in - form - shift), zero where that is beneath any accuracy; returns the largest, or infinity where a value
/// is not a number or too large.
double take_remainder(const double* in, const std::vector<double>& form, double shift, double* to) {
  const auto size = static_cast<Index>(form.size());
  Pack top{};
  PackBits sound = ~PackBits{};
  for (Index i = 0; i < size; i += lanes) {
    const Pack d = load_some(in + i, size - i, -infinity) - load_some(form.data() + i, size - i, 0.0) - shift;
    sound &= d < most_excess;
    const Pack w = d < -log_input_depth ? Pack{} : exp(min(d, broadcast(most_excess)));
    top = max(w, top);
    store_some(to + i, size - i, w);
  }
  return any(~sound) ? infinity : largest(top);
}

void raise(std::atomic<double>& top, double value) {
  double seen = top;
  while (value > seen && !top.compare_exchange_weak(seen, value)) {
  }
}

}  // namespace

TiltedPlan::TiltedPlan(const Grid& on, double epsilon, double relative)
    : grid(on), accuracy(relative), fitter(on), form_(static_cast<std::size_t>(on.axis(0).cells)), work_(on.size()) {
  for (const Axis& axis : grid.axes()) {
    variances.push_back(epsilon / (axis.spacing() * axis.spacing()));
    axes.emplace_back(axis.cells, variances.back());
    scratch_ = std::max(scratch_, axes.back().scratch());
  }
}

void TiltedPlan::tilt(const QuadraticFit& fit) {
  for (std::size_t k = 0; k < axes.size(); ++k) axes[k].tilt(fit.a[k], fit.b[k]);
}

/// Sum over all axes but the first of a table's entries, for a row of cells along x.
double TiltedPlan::over_row(Index row, const std::vector<double>& (TiltedLine::*table)() const) const {
  double total = 0.0;
  for (std::size_t k = 1; k < axes.size(); ++k) {
    const std::vector<double>& entries = (axes[k].*table)();
    const auto n = static_cast<Index>(entries.size());
    total += entries[static_cast<std::size_t>(row % n)];
    row /= n;
  }
  return total;
}

double TiltedPlan::largest_loss(const Values* masses) const {
  if (masses == nullptr) {
    double total = 0.0;
    for (const TiltedLine& axis : axes) total += std::max(axis.losses().front(), axis.losses().back());
    return total;
  }
  const std::vector<double>& losses = axes[0].losses();
  const auto n = static_cast<Index>(losses.size());
  const Index step = rows() < 16 ? 1 : 4;
  double most = 0.0;
  for (Index row = 0; row < rows(); row += step) {
    Pack top = broadcast(-infinity);
    for (Index i = 0; i < n; i += lanes) {
      const Pack loss = load_some(losses.data() + i, n - i, 0.0);
      top = load_some(masses->data() + row * n + i, n - i, 0.0) > 0.0 ? max(loss, top) : top;
    }
    most = std::max(most, largest(top) + over_row(row, &TiltedLine::losses));
  }
  return most;
}

/// Convolves and reads eight lines of the work field; along the first axis they come from `in`.
void TiltedPlan::convolve_batch(int k, Index number, const QuadraticFit& fit, const Values* in,
                                std::atomic<double>& top) {
  const Lines all = lines(grid, k);
  const Index begin = number * TiltedLine::width;
  const Index count = std::min(TiltedLine::width, all.count - begin);
  std::complex<double>* const memory = thread_scratch(scratch());
  auto* const rows = reinterpret_cast<double*>(memory + scratch_);
  TiltedLine::PerLine<const double*> from{};
  TiltedLine::PerLine<double*> to{};
  for (Index l = 0; l < TiltedLine::width; ++l) {
    const auto slot = static_cast<std::size_t>(l);
    const Index line = begin + std::min(l, count - 1);
    to[slot] = work_.data() + all.first(line);
    from[slot] = in == nullptr ? to[slot] : rows + std::min(l, count - 1) * all.length;
    if (in == nullptr || l >= count) continue;
    double* const row = rows + l * all.length;
    raise(top, take_remainder(in->data() + all.first(line), form_, fitter.rest(fit, line) + fit.top, row));
  }
  axes[static_cast<std::size_t>(k)].apply(from, to, count, all.stride, memory);
}

void TiltedPlan::sweep(int k, const QuadraticFit& fit, const Values* in, std::atomic<double>& top) {
  const Index batches = (lines(grid, k).count + TiltedLine::width - 1) / TiltedLine::width;
  parallel_for(batches, [&](Index b) { convolve_batch(k, b, fit, in, top); });
}

double TiltedPlan::convolve(const QuadraticFit& fit, const Values& in) {
  for (TiltedLine& axis : axes) axis.prepare();
  for (std::size_t i = 0; i < form_.size(); ++i) form_[i] = fitter.part(fit, 0, static_cast<Index>(i));
  std::atomic<double> top = 0.0;
  sweep(0, fit, &in, top);
  for (int k = 1; k < grid.dimension() && top < infinity; ++k) sweep(k, fit, nullptr, top);
  return top;
}

bool TiltedPlan::accurate(double top, const Values* masses) const {
  const double floor = top * std::exp(-log_limit());
  std::atomic<bool> low = false;
  parallel_blocks(work_.size(), [&](Index begin, Index end) {
    PackBits found{};
    for (Index i = begin; i < end; i += lanes) {
      const PackBits below = load_some(work_.data() + i, end - i, infinity) < floor;
      found |= masses == nullptr ? below : below & (load_some(masses->data() + i, end - i, 0.0) > 0.0);
    }
    if (any(found)) low = true;
  });
  return !low;
}

void TiltedPlan::take_logarithms(double shift, Values& out) const {
  const std::vector<double>& forms = axes[0].result_forms();
  const auto n = static_cast<Index>(forms.size());
  parallel_sweep(rows(), work_.size(), [&](Index row) {
    const double rest = shift + over_row(row, &TiltedLine::result_forms);
    for (Index i = 0; i < n; i += lanes) {
      const Pack result = max(load_some(work_.data() + row * n + i, n - i, 1.0), broadcast(least_result));
      store_some(out.data() + row * n + i, n - i, log(result) + load_some(forms.data() + i, n - i, 0.0) + rest);
    }
  });
}

std::size_t TiltedPlan::memory() const {
  std::size_t bytes = static_cast<std::size_t>(grid.size()) * sizeof(double);
  bytes += static_cast<std::size_t>(threads() * scratch()) * sizeof(std::complex<double>);
  for (const TiltedLine& axis : axes) bytes += axis.memory();
  return bytes;
}

}  // namespace wpg
