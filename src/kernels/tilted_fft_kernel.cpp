#include "wpg/kernels/tilted_fft_kernel.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <sstream>

#include "kernels/log_input.hpp"
#include "kernels/tilted_line.hpp"
#include "simd.hpp"
#include "wpg/error.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Bound on the error of a line's results in units of its largest input: of transforms of lengths with small factors
/// (measured: below 4 machine epsilons), of their padding, 1e-15, and of the reading.
constexpr double rounding = 8.0 * std::numeric_limits<double>::epsilon() + 1e-15 + SplineReader::accuracy;
/// A remainder may exceed the largest one of the rows that were fitted by this, in logarithms.
constexpr double most_excess = 600.0;
/// By how much the range of a remainder may exceed what its results may span: sums even it out.
constexpr double evened = 2.0;
/// What cells without accuracy hold at least, so that their logarithms are finite.
constexpr double least_result = 1e-300;

std::complex<double>* thread_scratch(Index size) {
  thread_local FftBuffer buffer;
  if (buffer.size() < size) buffer = FftBuffer(size);
  return buffer.data();
}

double checked_accuracy(double accuracy) {
  if (accuracy >= 1e-13 && accuracy < 1.0) return accuracy;
  throw InvalidValue("accuracy", (std::ostringstream() << accuracy).str(), "in [1e-13, 1)");
}

double variance_in_cells(const Axis& axis, double epsilon) { return epsilon / (axis.spacing() * axis.spacing()); }

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

struct TiltedFftKernel::Plan {
  Plan(const Grid& on, double epsilon, double relative) : grid(on), accuracy(relative), fitter(on), work(on.size()) {
    for (const Axis& axis : grid.axes()) {
      variances.push_back(variance_in_cells(axis, epsilon));
      axes.emplace_back(axis.cells, variances.back());
      scratch = std::max(scratch, axes.back().scratch());
    }
    form.resize(static_cast<std::size_t>(grid.axis(0).cells));
  }

  double log_limit() const { return std::log(accuracy / (rounding * grid.dimension())); }
  Index rows() const { return grid.size() / grid.axis(0).cells; }
  double over_row(Index row, const std::vector<double>& (TiltedLine::*table)() const) const;
  double largest_loss(const Values* masses) const;
  void convolve_batch(int k, Index number, const QuadraticFit& fit, const Values* in, std::atomic<double>& top);
  void sweep(int k, const QuadraticFit& fit, const Values* in, std::atomic<double>& top);
  bool accurate(double top, const Values* masses) const;
  void take_logarithms(double shift, Values& out) const;

  Grid grid;
  double accuracy;
  std::vector<double> variances;
  std::vector<TiltedLine> axes;
  QuadraticFitter fitter;
  Index scratch = 0;
  std::vector<double> form;  ///< of the first axis
  Values work;
};

/// Sum over all axes but the first of a table's entries, for a row of cells along x.
double TiltedFftKernel::Plan::over_row(Index row, const std::vector<double>& (TiltedLine::*table)() const) const {
  double total = 0.0;
  for (std::size_t k = 1; k < axes.size(); ++k) {
    const std::vector<double>& entries = (axes[k].*table)();
    const auto n = static_cast<Index>(entries.size());
    total += entries[static_cast<std::size_t>(row % n)];
    row /= n;
  }
  return total;
}

/// The largest loss by points beyond walls among the cells wanted; with masses, of every fourth row.
double TiltedFftKernel::Plan::largest_loss(const Values* masses) const {
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
void TiltedFftKernel::Plan::convolve_batch(int k, Index number, const QuadraticFit& fit, const Values* in,
                                           std::atomic<double>& top) {
  const Lines all = lines(grid, k);
  const Index begin = number * TiltedLine::width;
  const Index count = std::min(TiltedLine::width, all.count - begin);
  std::complex<double>* const memory = thread_scratch(scratch + TiltedLine::width / 2 * (grid.axis(0).cells + 1));
  auto* const rows = reinterpret_cast<double*>(memory + scratch);
  TiltedLine::PerLine<const double*> from{};
  TiltedLine::PerLine<double*> to{};
  for (Index l = 0; l < TiltedLine::width; ++l) {
    const auto slot = static_cast<std::size_t>(l);
    const Index line = begin + std::min(l, count - 1);
    to[slot] = work.data() + all.first(line);
    from[slot] = in == nullptr ? to[slot] : rows + std::min(l, count - 1) * all.length;
    if (in == nullptr || l >= count) continue;
    double* const row = rows + l * all.length;
    raise(top, take_remainder(in->data() + all.first(line), form, fitter.rest(fit, line) + fit.top, row));
  }
  axes[static_cast<std::size_t>(k)].apply(from, to, count, all.stride, memory);
}

void TiltedFftKernel::Plan::sweep(int k, const QuadraticFit& fit, const Values* in, std::atomic<double>& top) {
  const Index batches = (lines(grid, k).count + TiltedLine::width - 1) / TiltedLine::width;
  parallel_for(batches, [&](Index b) { convolve_batch(k, b, fit, in, top); });
}

/// Whether all results wanted are large enough beside the largest remainder.
bool TiltedFftKernel::Plan::accurate(double top, const Values* masses) const {
  const double floor = top * std::exp(-log_limit());
  std::atomic<bool> low = false;
  parallel_blocks(work.size(), [&](Index begin, Index end) {
    PackBits found{};
    for (Index i = begin; i < end; i += lanes) {
      const PackBits below = load_some(work.data() + i, end - i, infinity) < floor;
      found |= masses == nullptr ? below : below & (load_some(masses->data() + i, end - i, 0.0) > 0.0);
    }
    if (any(found)) low = true;
  });
  return !low;
}

void TiltedFftKernel::Plan::take_logarithms(double shift, Values& out) const {
  const std::vector<double>& forms = axes[0].result_forms();
  const auto n = static_cast<Index>(forms.size());
  parallel_sweep(rows(), work.size(), [&](Index row) {
    const double rest = shift + over_row(row, &TiltedLine::result_forms);
    for (Index i = 0; i < n; i += lanes) {
      const Pack result = max(load_some(work.data() + row * n + i, n - i, 1.0), broadcast(least_result));
      store_some(out.data() + row * n + i, n - i, log(result) + load_some(forms.data() + i, n - i, 0.0) + rest);
    }
  });
}

bool TiltedFftKernel::serves(const Grid& grid, double epsilon) {
  return std::all_of(grid.axes().begin(), grid.axes().end(), [&](const Axis& axis) {
    return axis.boundary == Boundary::free &&
           variance_in_cells(axis, epsilon) >= SplineReader::narrowest * SplineReader::narrowest;
  });
}

TiltedFftKernel::TiltedFftKernel(const Grid& grid, double epsilon, double accuracy) {
  if (!serves(grid, checked_variance("epsilon", epsilon))) {
    throw InvalidValue("epsilon", (std::ostringstream() << epsilon).str(),
                       "at least (4.4 h)^2, and all axes free, for a tilted FFT");
  }
  plan_ = std::make_unique<Plan>(grid, epsilon, checked_accuracy(accuracy));
}
TiltedFftKernel::~TiltedFftKernel() = default;
TiltedFftKernel::TiltedFftKernel(TiltedFftKernel&&) noexcept = default;

QuadraticFit TiltedFftKernel::fit(const Values& in) const {
  QuadraticFit fit = plan_->fitter.least_squares(in);
  for (std::size_t k = 0; k < plan_->axes.size(); ++k) {
    fit.a[k] = std::clamp(fit.a[k], plan_->axes[k].least_curvature(), plan_->axes[k].largest_curvature());
  }
  plan_->fitter.measure(in, fit);
  return fit;
}

bool TiltedFftKernel::try_apply_log(const QuadraticFit& fit, const Values* masses, const Values& in,
                                    Values& out) const {
  Plan& plan = *plan_;
  if (!(fit.range <= plan.log_limit() + evened)) return false;
  for (std::size_t k = 0; k < plan.axes.size(); ++k) plan.axes[k].tilt(fit.a[k], fit.b[k]);
  if (!(plan.largest_loss(masses) <= plan.log_limit())) return false;
  for (TiltedLine& axis : plan.axes) axis.prepare();
  for (std::size_t i = 0; i < plan.form.size(); ++i) plan.form[i] = plan.fitter.part(fit, 0, static_cast<Index>(i));
  std::atomic<double> top = 0.0;
  plan.sweep(0, fit, &in, top);
  if (top == infinity) return false;
  for (int k = 1; k < plan.grid.dimension(); ++k) plan.sweep(k, fit, nullptr, top);
  if (!plan.accurate(top, masses)) return false;
  plan.take_logarithms(fit.top, out);
  return true;
}

void TiltedFftKernel::apply_log(const Values& in, Values& out) const {
  const QuadraticFit form = fit(in);
  if (!try_apply_log(form, nullptr, in, out)) throw KernelRangeError(refusal(form));
}

void TiltedFftKernel::apply_log_where(const Values& masses, const Values& in, Values& out) const {
  const QuadraticFit form = fit(in);
  if (!try_apply_log(form, &masses, in, out)) throw KernelRangeError(refusal(form));
}

std::string TiltedFftKernel::refusal(const QuadraticFit& fit) const {
  const double limit = plan_->log_limit();
  std::ostringstream line;
  line << "tilted fft kernel: ";
  if (!(fit.range < infinity)) {
    line << "the input has no finite values, or one that is not a number or +infinity";
  } else if (fit.range > limit + evened) {
    line << "beside the nearest parabola the input spans e^" << fit.range << ", and at most e^" << limit + evened
         << " is admissible";
  } else {
    line << "results fall below e^-" << limit << " of the largest input beside the nearest parabola, at points "
         << "beyond a wall or in gaps of the input";
  }
  line << " for a relative error of " << plan_->accuracy << " (use kernel = truncated or auto)";
  return line.str();
}

double TiltedFftKernel::log_ratio(const QuadraticFit& fit) const {
  double most = 0.0;
  for (std::size_t k = 0; k < plan_->axes.size(); ++k) {
    const double end = 0.5 * static_cast<double>(plan_->grid.axis(static_cast<int>(k)).cells - 1);
    const double a = fit.a[k];
    const double b = fit.b[k];
    const double vertex = a == 0.0 ? 0.0 : std::clamp(b / a, -end, end);
    double highest = -infinity;
    double lowest = infinity;
    for (const double x : {-end, vertex, end}) {
      highest = std::max(highest, x * (b - 0.5 * a * x));
      lowest = std::min(lowest, TiltedLine::result_form(a, b, plan_->variances[k], x));
    }
    most = std::max(most, highest - lowest);
  }
  return most;
}

double TiltedFftKernel::range_limit() const { return std::exp(plan_->log_limit()); }

std::size_t TiltedFftKernel::memory() const {
  std::size_t bytes = static_cast<std::size_t>(plan_->grid.size()) * sizeof(double);
  const Index scratch = plan_->scratch + TiltedLine::width / 2 * (plan_->grid.axis(0).cells + 1);
  bytes += static_cast<std::size_t>(threads() * scratch) * sizeof(std::complex<double>);
  for (const TiltedLine& axis : plan_->axes) bytes += axis.memory();
  return bytes;
}

}  // namespace wpg
