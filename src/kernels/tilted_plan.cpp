#include "kernels/tilted_plan.hpp"

#include <algorithm>

#include "simd.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TiltedPlan::TiltedPlan(const Grid& on, double epsilon, double relative)
    : grid(on),
      accuracy(relative),
      fitter(on),
      form_(static_cast<std::size_t>(on.axis(0).cells)),
      coarse_(on),
      work_(on.size()) {
  for (const Axis& axis : grid.axes()) {
    variances.push_back(epsilon / (axis.spacing() * axis.spacing()));
    axes.emplace_back(axis.cells, variances.back());
    if (grid.dimension() == 1) continue;
    transforms_.emplace_back(axes.back().length());
    factors_.emplace_back(static_cast<std::size_t>(axes.back().length()));
    scratch_ = std::max(scratch_, transforms_.back().points());
  }
  if (grid.dimension() == 1) line_.emplace(axes.front());
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

bool TiltedPlan::expects(const QuadraticFit& fit, const Values* masses, const Values& in) {
  return coarse_.smallest(fit, fitter, axes, masses, in) >= std::exp(-log_limit());
}

/// Sets what the sweeps go by: forms, symbols, readers.
void TiltedPlan::prepare(const QuadraticFit& fit) {
  for (std::size_t i = 0; i < form_.size(); ++i) form_[i] = fitter.part(fit, 0, static_cast<Index>(i));
  for (TiltedLine& axis : axes) axis.prepare();
  for (std::size_t k = 0; k < transforms_.size(); ++k) {
    const std::vector<Index>& frequencies = transforms_[k].frequencies();
    const Index length = transforms_[k].length();
    for (std::size_t p = 0; p < frequencies.size(); ++p) {
      const Index m = std::min(frequencies[p], length - frequencies[p]);
      factors_[k][p] = axes[k].symbol()[static_cast<std::size_t>(m)];
    }
  }
}

bool TiltedPlan::apply(const QuadraticFit& fit, const Values* masses, const Values& in, Values& out) {
  prepare(fit);
  if (line_) {
    if (!apply_line(fit, masses, in)) return false;
  } else {
    const double top = first_sweep(fit, in);
    if (top == infinity) return false;
    for (int k = 1; k + 1 < grid.dimension(); ++k) middle_sweep(k);
    if (!last_sweep(fit.top, top * std::exp(-log_limit()), masses)) return false;
  }
  out.swap(work_);
  return true;
}

std::size_t TiltedPlan::memory() const {
  std::size_t bytes = static_cast<std::size_t>(grid.size()) * sizeof(double);
  bytes += static_cast<std::size_t>(threads() * scratch_) * sizeof(ComplexPack);
  for (const TiltedLine& axis : axes) bytes += axis.memory();
  for (const LineTransform& transform : transforms_) bytes += transform.memory();
  if (line_) bytes += line_->memory();
  return bytes;
}

}  // namespace wpg
