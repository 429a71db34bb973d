#include "jko/tilt.hpp"

#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// The proximal map of so small a step is the projection onto the domain.
constexpr double tiny_step = 1e-20;

double nonsmooth_value(const Grid& grid, const Nonsmooth& F, const Point& center, bool finest) {
  const double value = F.value(center);
  if (finest || std::isfinite(value)) return value;
  const Point nearest = F.prox(center, tiny_step);
  for (int k = 0; k < grid.dimension(); ++k) {
    if (std::abs(nearest[k] - center[k]) > 0.5 * grid.axis(k).spacing()) return value;
  }
  return F.value(nearest);
}

}  // namespace

Values make_tilt(const Grid& grid, double factor, const Potential* V, const Nonsmooth* F, bool finest) {
  Values tilt = Values::Zero(grid.size());
  if (V == nullptr && F == nullptr) return tilt;
  parallel_for(grid.size(), [&](Index cell) {
    const Point center = grid.center(cell);
    if (V != nullptr) tilt[cell] = factor * V->value(center);
    if (F != nullptr) tilt[cell] += factor * nonsmooth_value(grid, *F, center, finest);
  });
  return tilt;
}

}  // namespace wpg
