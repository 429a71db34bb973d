#include "wpg/potential.hpp"

#include <cmath>
#include <vector>

#include "admissible.hpp"
#include "small_matrix.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

constexpr Index block_length = 512;

Curvature curvature_at(const Potential& potential, const Point& x) {
  const Tensor h = potential.hessian(x);
  if (!h.allFinite()) return {std::nan(""), std::nan("")};
  const EigenvalueRange range = eigenvalue_range(h);
  return {range.smallest, range.largest};
}

/// A corner of the box; bit k of `number` chooses the end of axis k.
Point corner(const Grid& grid, int number) {
  Point x(grid.dimension());
  for (int k = 0; k < grid.dimension(); ++k) x[k] = (number >> k & 1) != 0 ? grid.axis(k).upper : grid.axis(k).lower;
  return x;
}

/// The larger range; NaN stays.
Curvature merged(const Curvature& a, const Curvature& b) {
  if (std::isnan(a.L)) return a;
  if (std::isnan(b.L)) return b;
  return {std::min(a.lambda, b.lambda), std::max(a.L, b.L)};
}

[[noreturn]] void refuse(const Potential& potential, const Grid& grid) {
  for (Index cell = 0; cell < grid.size(); ++cell) {
    const Point x = grid.center(cell);
    if (!std::isfinite(potential.value(x))) {
      throw InvalidValue("V", written(potential.value(x)) + " at (" + written(x) + ")", "finite on the grid");
    }
    if (!potential.hessian(x).allFinite()) {
      throw InvalidValue("V", "without finite second derivatives at (" + written(x) + ")",
                         "twice differentiable on the grid");
    }
  }
  throw InvalidValue("V", "without finite second derivatives at a corner of the box",
                     "twice differentiable on the grid");
}

}  // namespace

Curvature measure_curvature(const Potential& potential, const Grid& grid) {
  const Index count = (grid.size() + block_length - 1) / block_length;
  std::vector<Curvature> ranges(static_cast<std::size_t>(count));
  parallel_for(count, [&](Index block) {
    const Index begin = block * block_length;
    Curvature range = curvature_at(potential, grid.center(begin));
    for (Index cell = begin + 1; cell < std::min(grid.size(), begin + block_length); ++cell) {
      range = merged(range, curvature_at(potential, grid.center(cell)));
    }
    ranges[static_cast<std::size_t>(block)] = range;
  });
  Curvature total = ranges.front();
  for (const Curvature& range : ranges) total = merged(total, range);
  for (int k = 0; k < 1 << grid.dimension(); ++k) total = merged(total, curvature_at(potential, corner(grid, k)));
  if (std::isnan(total.L)) refuse(potential, grid);
  return total;
}

Field gibbs_density(const Potential& potential, const Grid& grid) {
  Field pi(grid);
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index cell = begin; cell < end; ++cell) pi.values[cell] = potential.value(grid.center(cell));
  });
  if (!pi.values.isFinite().all()) refuse(potential, grid);
  const double lowest = pi.values.minCoeff();
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    pi.values.segment(begin, end - begin) = (lowest - pi.values.segment(begin, end - begin)).exp();
  });
  pi.values /= integral(pi);
  return pi;
}

}  // namespace wpg
