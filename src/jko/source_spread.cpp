#include <algorithm>
#include <cmath>

#include "jko/source_tensor.hpp"

namespace wpg {
namespace {

/// Up to here, in units of epsilon, a conditional law has one part.
constexpr double one_part = 1.5;
/// Between two parts f varies over many cells, where the equation's coupling, which is that of waves of a few cells, is
/// too large.
constexpr float long_waves = 2.0F / 3;
/// Targets of less mass than this, relative to the largest of a cell of nu, give nothing.
constexpr double negligible = 1e-30;

}  // namespace

SourceTensor::Share SourceTensor::share(int axis, double position) const {
  const Index n = grid_.axis(axis).cells;
  if (grid_.axis(axis).boundary == Boundary::periodic) {
    const double below = std::floor(position);
    const Index lower = ((static_cast<Index>(below) % n) + n) % n;
    return {lower, (lower + 1) % n, static_cast<float>(position - below)};
  }
  const double inside = std::min(static_cast<double>(n - 1), std::max(0.0, position));
  const Index lower = std::min(static_cast<Index>(inside), n - 2);
  return {lower, lower + 1, static_cast<float>(inside - static_cast<double>(lower))};
}

void SourceTensor::give(double x, double y, Entry entry, Entry* to) const {
  const Share a = share(0, x), b = share(1, y);
  const Index n = grid_.axis(0).cells;
  const Entry upper = b.weight * entry, lower = entry - upper;
  to[b.lower * n + a.upper] += a.weight * lower;
  to[b.lower * n + a.lower] += (1.0F - a.weight) * lower;
  to[b.upper * n + a.upper] += a.weight * upper;
  to[b.upper * n + a.lower] += (1.0F - a.weight) * upper;
}

void SourceTensor::spread(const Row& row, Index j, Entry* to) const {
  const double smeared = one_part * std::max(scale_[0], scale_[1]);
  const Index n = grid_.axis(0).cells;
  for (Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const double mass = row.mass[k], x = row.x[k], y = row.y[k];
    // Positions mean nothing where log q is infinite.
    if (!(mass > negligible) || !(std::abs(x - static_cast<double>(i)) + std::abs(y - static_cast<double>(j)) < 1e6)) {
      continue;
    }
    const double xx = row.xx[k], xy = row.xy[k], yy = row.yy[k];
    const Entry entry = {static_cast<float>(mass), static_cast<float>(mass * xx), static_cast<float>(mass * xy),
                         static_cast<float>(mass * yy)};
    const double longer = 0.5 * (xx + yy) + std::hypot(0.5 * (xx - yy), xy);
    if (longer < smeared) {
      give(x, y, entry, to);
      continue;
    }
    give_along(x, y, longer, 0.5 * std::atan2(2.0 * xy, xx - yy), entry, to);
  }
}

/// Over a standard deviation either way, or half the distance of the parts: that follows from a second difference which
/// is a mean over a cell, on the seam between parts that are more than two spreads apart.
void SourceTensor::give_along(double x, double y, double variance, double angle, Entry entry, Entry* to) const {
  const double extent = std::max(std::sqrt(variance), 0.5 * variance / std::max(scale_[0], scale_[1]));
  const int points = static_cast<int>(std::ceil(2.0 * extent));
  const float share = 1.0F / static_cast<float>(points);
  entry *= Entry{share, share * long_waves, share * long_waves, share * long_waves};
  for (int p = 0; p < points; ++p) {
    const double t = extent * ((2.0 * p + 1.0) / points - 1.0);
    give(x + t * std::cos(angle), y + t * std::sin(angle), entry, to);
  }
}

}  // namespace wpg
