#include <algorithm>
#include <cmath>
#include <limits>

#include "jko/level.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Mirror images closer than this many sqrt(epsilon) count: e^-8 of a point's own weight.
constexpr double reach_of_images = 4.0;

}  // namespace

/// With coordinates along the axis that start at cell `cut`: for the cells that are nearer to the middle of them than
/// to their ends, or for all where nothing is beyond the ends.
void Level::pull_from(Index cut, const Values& lambda, const Values& log_gv, int axis, Values& out) {
  const Axis& a = grid.axis(axis);
  const double h = a.spacing();
  const Index stride = grid.stride(axis);
  const auto coordinate = [&](Index cell) {
    return (static_cast<double>((cell / stride - cut + a.cells) % a.cells) + 0.5) * h;
  };
  const double factor = -gamma_prime / epsilon;
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) work_[i] = factor * lambda[i] - tilt_[i] + std::log(coordinate(i));
  });
  kernel->apply_log(work_, work_);
  ++applications_;
  const double length = a.upper - a.lower;
  const double margin = a.boundary == Boundary::reflecting ? reach_of_images * std::sqrt(epsilon) : 0.0;
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const double y = coordinate(i), to_end = std::min(y, length - y);
      if (a.boundary == Boundary::periodic && to_end < 0.25 * length) continue;
      out[i] = to_end < margin ? std::numeric_limits<double>::quiet_NaN() : std::exp(work_[i] - log_gv[i]) - y;
    }
  });
}

void Level::pull(const Values& lambda, const Values& log_gv, int axis, Values& out) {
  pull_from(0, lambda, log_gv, axis, out);
  if (grid.axis(axis).boundary == Boundary::periodic) pull_from(grid.axis(axis).cells / 2, lambda, log_gv, axis, out);
}

}  // namespace wpg
