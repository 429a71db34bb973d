#include <algorithm>
#include <cmath>
#include <limits>

#include "jko/given_tensor.hpp"

namespace wpg {
namespace {

/// Up to here, in units of epsilon, a conditional law has one part.
constexpr double one_part = 1.5;
/// Between two parts f varies over many cells, where the equation's coupling, which is that of waves of a few cells, is
/// too large.
constexpr float long_waves = 2.0F / 3;
/// Givers of less mass than this, relative to the unit, give nothing.
constexpr double negligible = 1e-30;

}  // namespace

GivenTensor::Principal GivenTensor::principal(double xx, double xy, double yy) {
  const double half = 0.5 * (xx - yy), mean = 0.5 * (xx + yy), radius = std::sqrt(half * half + xy * xy);
  const double cosine_of_double = radius > 0.0 ? half / radius : 1.0;
  return {mean + radius, std::max(mean - radius, 0.0), std::sqrt(std::max(0.5 * (1.0 + cosine_of_double), 0.0)),
          std::copysign(std::sqrt(std::max(0.5 * (1.0 - cosine_of_double), 0.0)), xy)};
}

GivenTensor::Share GivenTensor::share(int axis, double position) const {
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

void GivenTensor::give(double x, double y, Entry entry, Entry* to) const {
  const Share a = share(0, x), b = share(1, y);
  const Index n = grid_.axis(0).cells;
  const Entry upper = b.weight * entry, lower = entry - upper;
  to[b.lower * n + a.upper] += a.weight * lower;
  to[b.lower * n + a.lower] += (1.0F - a.weight) * lower;
  to[b.upper * n + a.upper] += a.weight * upper;
  to[b.upper * n + a.lower] += (1.0F - a.weight) * upper;
}

void GivenTensor::spread(const Row& row, Index j, Entry* to) const {
  const double smeared = one_part * std::max(scale_[0], scale_[1]);
  const Index n = grid_.axis(0).cells;
  for (Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const double mass = row.mass[k], x = row.x[k], y = row.y[k];
    // Positions mean nothing where the potential is infinite.
    if (!(mass > negligible) || !(std::abs(x - static_cast<double>(i)) + std::abs(y - static_cast<double>(j)) < 1e6)) {
      continue;
    }
    const double xx = row.xx[k], xy = row.xy[k], yy = row.yy[k];
    const Entry entry = {static_cast<float>(mass), static_cast<float>(mass * xx), static_cast<float>(mass * xy),
                         static_cast<float>(mass * yy)};
    const Principal axes = principal(xx, xy, yy);
    if (axes.longer < smeared) {
      give(x, y, entry, to);
    } else {
      give_along(x, y, axes, entry, to);
    }
  }
}

/// Over a standard deviation either way, or half the distance of the parts: that follows from a second difference which
/// is a mean over a cell, on the seam between parts that are more than two spreads apart.
void GivenTensor::give_along(double x, double y, const Principal& axes, Entry entry, Entry* to) const {
  const double extent = std::max(std::sqrt(axes.longer), 0.5 * axes.longer / std::max(scale_[0], scale_[1]));
  const int points = static_cast<int>(std::ceil(2.0 * extent));
  const float share = 1.0F / static_cast<float>(points);
  entry *= Entry{share, share * long_waves, share * long_waves, share * long_waves};
  for (int p = 0; p < points; ++p) {
    const double t = extent * ((2.0 * p + 1.0) / points - 1.0);
    give(x + t * axes.cosine, y + t * axes.sine, entry, to);
  }
}

}  // namespace wpg
