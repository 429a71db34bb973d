#include "jko/law_window.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wpg {
namespace {

/// Half the width of a window, in standard deviations of its law, and at most in sqrt(epsilon): beside seams laws
/// spread by up to twice that along them.
constexpr double deviations = 3.0, reach = 5.0;
/// Logs of probabilities that add nothing to a law, and of images that add nothing to a weight.
constexpr double negligible = -12.0, negligible_image = -36.0, impossible = -1e300;

}  // namespace

LawWindow::LawWindow(const Grid& grid, double epsilon)
    : grid_(grid), unit_(2.0 * std::log(grid.cell_volume()) - std::log(2.0 * std::numbers::pi * epsilon)) {
  for (std::size_t k = 0; k < 2; ++k) {
    const double h = grid.axis(static_cast<int>(k)).spacing();
    scale_[k] = 0.5 * h * h / epsilon;
    reach_[k] = static_cast<Index>(std::ceil(reach * std::sqrt(epsilon) / h));
    log_axis_[k].resize(static_cast<std::size_t>(2 * reach_[k] + 1 + Index{2} * lanes));
  }
  pitch_ = 2 * reach_[0] + 1 + lanes;
  for (auto* values : {&row_q_, &row_rho_}) values->resize(static_cast<std::size_t>(pitch_));
  const Index rows = 2 * reach_[1] + 1;
  for (auto* values : {&log_probability_, &probability_}) values->resize(static_cast<std::size_t>(pitch_ * rows));
  counts_.resize(static_cast<std::size_t>(rows));
}

void LawWindow::centre_axis(int axis, double mean, double variance) {
  const auto k = static_cast<std::size_t>(axis);
  const Index n = grid_.axis(axis).cells;
  const auto spread = static_cast<Index>(std::min(1.0 + deviations * std::sqrt(std::max(variance, 0.0)), 1e6));
  const Index far = std::min(spread, reach_[k]);
  if (grid_.axis(axis).boundary == Boundary::periodic) {
    const Index width = std::min(n, 2 * far + 1);
    middle_[k] = static_cast<Index>(std::lround(mean));
    span_[k] = {middle_[k] - width / 2, width};
  } else {
    middle_[k] = static_cast<Index>(std::lround(std::clamp(mean, 0.0, static_cast<double>(n - 1))));
    const Index first = std::max<Index>(0, middle_[k] - far);
    span_[k] = {first, std::min(n - 1, middle_[k] + far) - first + 1};
  }
}

Index LawWindow::cell(int axis, Index position) const {
  if (grid_.axis(axis).boundary != Boundary::periodic) return position;
  const Index n = grid_.axis(axis).cells;
  return ((position % n) + n) % n;
}

/// Log of the Gaussian from a cell to those of the span over that at a distance of zero, with images.
void LawWindow::take_axis(int axis, Index from) {
  const auto k = static_cast<std::size_t>(axis);
  const Axis& a = grid_.axis(axis);
  for (Index i = 0; i < span_[k].count; ++i) {
    const Index at = span_[k].first + i;
    double& log_weight = log_axis_[k][static_cast<std::size_t>(i)];
    log_weight = -scale_[k] * static_cast<double>((at - from) * (at - from));
    if (a.boundary != Boundary::reflecting) continue;
    // The squared distances to the images at either wall are larger by these.
    const double lower = -scale_[k] * static_cast<double>((2 * at + 1) * (2 * from + 1));
    const double upper = -scale_[k] * static_cast<double>((2 * (a.cells - at) - 1) * (2 * (a.cells - from) - 1));
    if (std::max(lower, upper) > negligible_image) log_weight += std::log1p(std::exp(lower) + std::exp(upper));
  }
  std::fill_n(log_axis_[k].begin() + span_[k].count, lanes, impossible);
}

/// Values of a row of the window, beside each other also where it crosses the seam of a periodic axis, and any beyond.
const double* LawWindow::gathered(Index row, const Values& values, std::vector<double>& to) const {
  const Index n = grid_.axis(0).cells, first = cell(1, span_[1].first + row) * n;
  const auto [begin, count] = span_[0];
  const bool apart = begin < 0 || begin + count > n;
  if (!apart && first + begin + count + lanes <= values.size()) return values.data() + first + begin;
  for (Index k = 0; k < count; ++k) to[static_cast<std::size_t>(k)] = values[first + cell(0, begin + k)];
  return to.data();
}

/// Returns whether any probability is above the least one.
bool LawWindow::take_row(Index row, double shift, const Values& log_q, const Values& log_rho, Pack& total) {
  const double* const q = gathered(row, log_q, row_q_);
  const double* const rho = gathered(row, log_rho, row_rho_);
  const Pack none = broadcast(impossible);
  bool any = false;
  for (Index k = 0; k < span_[0].count; k += lanes) {
    const Pack log_v = load(rho + k) - load(q + k);
    // Beyond the window, and where q or rho vanish, v means nothing.
    const PackBits known = (log_v > none) & (log_v < -none);
    const Pack log_p = (known ? log_v : none) + load(log_axis_[0].data() + k) + shift;
    Pack p{};
    if (any_at_least(log_p, broadcast(negligible))) {
      p = exp(min(max(log_p, broadcast(-700.0)), broadcast(1.0)));
      any = any || any_at_least(p, broadcast(least_probability));
      total += p;
    }
    store(log_probability_.data() + row * pitch_ + k, log_p);
    store(probability_.data() + row * pitch_ + k, p);
  }
  return any;
}

void LawWindow::centre(const Pair& mean, const Pair& variance) {
  centre_axis(0, mean[0], variance[0]);
  centre_axis(1, mean[1], variance[1]);
}

double LawWindow::take(Index i, Index j, const Values& log_q, const Values& log_rho, double log_gv) {
  take_axis(0, i);
  take_axis(1, j);
  Pack total{};
  for (Index row = 0; row < span_[1].count; ++row) {
    const double shift = unit_ - log_gv + log_axis_[1][static_cast<std::size_t>(row)];
    counts_[static_cast<std::size_t>(row)] = take_row(row, shift, log_q, log_rho, total) ? 1 : 0;
  }
  return sum(total);
}

}  // namespace wpg
