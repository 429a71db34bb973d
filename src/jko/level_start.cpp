#include <algorithm>
#include <cmath>
#include <limits>

#include "jko/level.hpp"
#include "jko/tilt.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Mirror images closer than this many sqrt(epsilon) count: e^-8 of a point's own weight.
constexpr double reach_of_images = 4.0;

/// Mass that goes farther round a period may go both ways round, or cross the cut.
constexpr double largest_share_of_period = 0.125;

}  // namespace

/// With coordinates along the axis that start at cell `cut`: for the cells that are `margin` or more from their ends.
void Level::displacement_from(Index cut, double margin, const Values& lambda, const Values& log_gv, int axis,
                              Values& out) {
  const Axis& a = grid.axis(axis);
  const double h = a.spacing();
  const Index stride = grid.stride(axis);
  const auto coordinate = [&](Index cell) {
    return (static_cast<double>((cell / stride - cut + a.cells) % a.cells) + 0.5) * h;
  };
  take_log_v(lambda);
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) work_[i] += std::log(coordinate(i));
  });
  kernel->apply_log(work_, work_);
  ++applications_;
  const double length = a.upper - a.lower;
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const double y = coordinate(i);
      if (std::min(y, length - y) >= margin) out[i] = std::exp(work_[i] - log_gv[i]) - y;
    }
  });
}

void Level::displacement(const Values& lambda, const Values& log_gv, int axis, Values& out) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  const Axis& a = grid.axis(axis);
  const double length = a.upper - a.lower;
  switch (a.boundary) {
    case Boundary::free:
      return displacement_from(0, 0.0, lambda, log_gv, axis, out);
    case Boundary::reflecting:
      out = unknown;
      return displacement_from(0, reach_of_images * std::sqrt(epsilon), lambda, log_gv, axis, out);
    case Boundary::periodic:
      displacement_from(a.cells / 2, 0.0, lambda, log_gv, axis, out);
      displacement_from(0, 0.25 * length, lambda, log_gv, axis, out);
      out = (out.abs() < largest_share_of_period * length).select(out, unknown);
  }
}

void Level::start_from_source(const Values& log_gv, Iterate& it) {
  project_source(log_gv, it.log_q);
  const double log_volume = std::log(grid.cell_volume());
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    const auto tilt = tilt_.segment(begin, n);
    const auto half_step = (1.0 - kappa) * (it.log_q.segment(begin, n) - log_volume - tilt);
    it.lambda.segment(begin, n) = (tilt > largest_tilt).select(log_of_zero, half_step);
  });
}

void Level::source_response(const Values& lambda, Values& log_gv) {
  take_log_v(lambda);
  kernel->apply_log_where(nu, work_, log_gv);
  ++applications_;
}

void Level::certify(const Values& log_gv, Iterate& it) {
  project_source(log_gv, it.log_q);
  finish(it);
  it.number = work_number_;
}

}  // namespace wpg
