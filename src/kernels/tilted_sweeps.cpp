#include <algorithm>

#include "kernels/pack_scratch.hpp"
#include "kernels/remainder.hpp"
#include "kernels/tilted_plan.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void raise(std::atomic<double>& top, double value) {
  double seen = top;
  while (value > seen && !top.compare_exchange_weak(seen, value)) {
  }
}

}  // namespace

/// Sum over all axes but the last of the forms of results, for a line along that.
double TiltedPlan::over_line(Index line) const {
  double total = 0.0;
  for (std::size_t k = 0; k + 1 < axes.size(); ++k) {
    const Index n = axes[k].cells();
    total += axes[k].result_forms()[static_cast<std::size_t>(line % n)];
    line /= n;
  }
  return total;
}

TiltedBatch TiltedPlan::batch(int k, Index number) const {
  const auto axis = static_cast<std::size_t>(k);
  return {axes[axis], transforms_[axis], lines(grid, k), number, pack_scratch(scratch_)};
}

/// Along x: from the remainders of `in` to the work field. Returns the largest remainder, or infinity where `in` holds
/// what is not a number or much too large.
double TiltedPlan::first_sweep(const QuadraticFit& fit, const Values& in) {
  std::atomic<double> top = 0.0;
  parallel_for(TiltedBatch::batches(lines(grid, 0)), [&](Index number) {
    TiltedBatch rows = batch(0, number);
    TiltedBatch::PerLine<double> shifts{};
    for (Index l = 0; l < rows.count(); ++l) {
      shifts[static_cast<std::size_t>(l)] = fitter.rest(fit, rows.begin() + l) + fit.top;
    }
    raise(top, rows.load_remainders(in.data(), form_, shifts));
    rows.convolve(factors_[0].data());
    rows.store(work_.data());
  });
  return top;
}

void TiltedPlan::middle_sweep(int k) {
  parallel_for(TiltedBatch::batches(lines(grid, k)), [&](Index number) {
    TiltedBatch between = batch(k, number);
    between.load(work_.data());
    between.convolve(factors_[static_cast<std::size_t>(k)].data());
    between.store(work_.data());
  });
}

/// Along the last axis, to the logarithms of the results plus `shift`; tells whether all that are wanted are at least
/// `floor`. The rest is skipped once one is not.
bool TiltedPlan::last_sweep(double shift, double floor, const Values* masses) {
  const int k = grid.dimension() - 1;
  const Index batches = TiltedBatch::batches(lines(grid, k));
  std::atomic<bool> low = false;
  parallel_for(batches, [&](Index number) {
    if (low) return;
    TiltedBatch across = batch(k, number);
    TiltedBatch::PerLine<double> shifts{};
    for (Index l = 0; l < across.count(); ++l) {
      shifts[static_cast<std::size_t>(l)] = over_line(across.begin() + l) + shift;
    }
    across.load(work_.data());
    across.convolve(factors_.back().data());
    if (!across.store_logs(work_.data(), shifts, floor, masses == nullptr ? nullptr : masses->data())) low = true;
  });
  return !low;
}

/// The one line of one dimension.
bool TiltedPlan::apply_line(const QuadraticFit& fit, const Values* masses, const Values& in) {
  const Index n = grid.size();
  Remainder remainder;
  for (Index i = 0; i < n; i += lanes) {
    store_some(work_.data() + i, n - i, remainder.of(in.data() + i, form_.data() + i, n - i, fit.top));
  }
  const double top = remainder.largest_seen();
  if (top == infinity) return false;
  line_->convolve(axes[0], work_.data());
  const double floor = top * std::exp(-log_limit());
  PackBits low{};
  for (Index i = 0; i < n; i += lanes) {
    const Pack result = load_some(work_.data() + i, n - i, infinity);
    const PackBits below = result < floor;
    low |= masses == nullptr ? below : below & (load_some(masses->data() + i, n - i, 0.0) > 0.0);
    const Pack form = load_some(axes[0].result_forms().data() + i, n - i, 0.0);
    store_some(work_.data() + i, n - i, log(max(result, broadcast(least_result))) + form + fit.top);
  }
  return !any(low);
}

}  // namespace wpg
