#include "wpg/transport/preimage.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "wpg/error.hpp"

namespace wpg::transport {
namespace {

/// Solves the leading `size` equations of a x = b in place; a's leading blocks are positive definite, so no pivoting.
void eliminate(int size, Tensor& a, Point& b) {
  for (int p = 0; p < size; ++p) {
    for (int r = p + 1; r < size; ++r) {
      const double factor = a(r, p) / a(p, p);
      for (int c = p; c < size; ++c) a(r, c) -= factor * a(p, c);
      b[r] -= factor * b[p];
    }
  }
  for (int p = size - 1; p >= 0; --p) {
    for (int c = p + 1; c < size; ++c) b[p] -= a(p, c) * b[c];
    b[p] /= a(p, p);
  }
}

}  // namespace

PreimageSolver::PreimageSolver(const Grid& grid, const GradientMap& map) : grid_(grid), map_(map) {
  for (int k = 0; k < grid.dimension(); ++k) {
    if (grid.axis(k).boundary == Boundary::periodic) check_periodic(k);
  }
}

void PreimageSolver::check_periodic(int axis) const {
  const Axis& along = grid_.axis(axis);
  const Lines all = lines(grid_, axis);
  // Derivatives may be numerical, to 1e-8; a potential that is not periodic is off by far more.
  constexpr double tolerance = 1e-6;
  for (Index line = 0; line < all.count; ++line) {
    Point x = grid_.center(all.first(line));
    x[axis] = along.lower;
    const Point low = map_.value(x) - x;
    x[axis] = along.upper;
    const Point high = map_.value(x) - x;
    if (!((high - low).norm() <= tolerance * (low.norm() + high.norm() + along.spacing()))) {
      throw InvalidValue("boundary", "periodic",
                         "reflecting or free on axis " + std::to_string(axis) +
                             ", since the map (the gradient of the potential) differs at its two ends");
    }
  }
}

Point PreimageSolver::wrapped(Point x) const {
  for (int k = 0; k < grid_.dimension(); ++k) {
    const Axis& axis = grid_.axis(k);
    if (axis.boundary != Boundary::periodic) continue;
    const double width = axis.upper - axis.lower;
    x[k] -= width * std::floor((x[k] - axis.lower) / width);
  }
  return x;
}

Point PreimageSolver::clamped(Point x) const {
  for (int k = 0; k < grid_.dimension(); ++k) {
    const Axis& axis = grid_.axis(k);
    if (axis.boundary != Boundary::periodic) x[k] = std::min(axis.upper, std::max(axis.lower, x[k]));
  }
  return x;
}

double PreimageSolver::in_cells(int axis, double x) const {
  const Axis& along = grid_.axis(axis);
  const double cells = (x - along.lower) / along.spacing();
  const double nearest = std::round(cells);
  // A preimage on a face to rounding is meant to be on it; otherwise rounding would leak mass into empty cells.
  const double magnitude = std::max(std::abs(along.lower), std::abs(along.upper)) / along.spacing();
  const double rounding = 8.0 * std::numeric_limits<double>::epsilon() * (magnitude + static_cast<double>(along.cells));
  return std::abs(cells - nearest) <= rounding ? nearest : cells;
}

void PreimageSolver::fill(int axis, Index line, std::span<double> faces) const {
  const Axis& along = grid_.axis(axis);
  Point target = grid_.center(lines(grid_, axis).first(line));
  target[axis] = along.lower;
  // Solutions of the last three faces, latest first.
  std::array<Point, 3> last{target, target, target};
  for (Index f = 0; f <= along.cells; ++f) {
    target[axis] = along.face(f);
    Point x = last[0];
    if (f == 1) x[axis] += along.spacing();
    if (f == 2) x += last[0] - last[1];
    if (f > 2) x += 2.0 * last[0] - 3.0 * last[1] + last[2];
    solve(axis, target, x);
    last = {x, last[0], last[1]};
    faces[static_cast<std::size_t>(f)] = in_cells(axis, x[axis]);
  }
  const bool periodic = along.boundary == Boundary::periodic;
  if (periodic) faces.back() = faces.front() + static_cast<double>(along.cells);
  // Newton's method is exact to rounding, which may put close preimages out of order.
  for (std::size_t f = 1; f < faces.size(); ++f) faces[f] = std::min(std::max(faces[f], faces[f - 1]), faces.back());
}

void PreimageSolver::solve(int axis, const Point& target, Point& x) const {
  Point guess = clamped(x);
  if (newton(axis, target, guess)) {
    x = guess;
  } else {
    bracket(axis, target, x);
  }
}

bool PreimageSolver::newton(int axis, const Point& target, Point& x) const {
  constexpr int limit = 20;
  for (int iteration = 0; iteration < limit; ++iteration) {
    const Point next = clamped(Point(x + newton_step(axis, target, x)));
    if (!next.allFinite()) return false;
    bool done = true;
    // Convergence is quadratic: after a step this short the next one would be lost in rounding.
    for (int k = 0; k <= axis; ++k) done = done && std::abs(next[k] - x[k]) <= 1e-9 * grid_.axis(k).spacing();
    x = next;
    if (done) return true;
  }
  return false;
}

/// The step of the coordinates that are free to move; those held at an end by the sign of their residual stay.
Point PreimageSolver::newton_step(int axis, const Point& target, const Point& x) const {
  const Point at = wrapped(x);
  Point step = target - (map_.value(at) + (x - at));
  Tensor jacobian = map_.jacobian(at);
  for (int k = 0; k < grid_.dimension(); ++k) {
    const Axis& along = grid_.axis(k);
    const bool held = along.boundary != Boundary::periodic &&
                      ((x[k] <= along.lower && step[k] < 0.0) || (x[k] >= along.upper && step[k] > 0.0));
    if (k <= axis && !held) continue;
    jacobian.row(k).setZero();
    jacobian.col(k).setZero();
    jacobian(k, k) = 1.0;
    step[k] = 0.0;
  }
  eliminate(axis + 1, jacobian, step);
  return step;
}

/// Bisection on the last coordinate, which the others follow: slow and sure.
void PreimageSolver::bracket(int axis, const Point& target, Point& x) const {
  const Axis& along = grid_.axis(axis);
  const double width = along.upper - along.lower;
  const auto residual = [&](double last) {
    x[axis] = last;
    if (axis > 0) solve(axis - 1, target, x);
    const Point at = wrapped(x);
    return map_.value(at)[axis] + (x - at)[axis] - target[axis];
  };
  double low = along.lower;
  double high = along.upper;
  if (along.boundary == Boundary::periodic) {
    // A periodic displacement is bounded; one that is infinite is left to the bisection, which gives up on it.
    for (double r = residual(low); r > 0.0 && std::isfinite(r); r = residual(low)) low -= width;
    for (double r = residual(high); r < 0.0 && std::isfinite(r); r = residual(high)) high += width;
  }
  while (high - low > 4.0 * std::numeric_limits<double>::epsilon() * (std::abs(low) + std::abs(high) + width)) {
    const double middle = 0.5 * (low + high);
    const double r = residual(middle);
    (r < 0.0 ? low : high) = middle;
    if (!std::isfinite(r)) low = high = std::numeric_limits<double>::quiet_NaN();
  }
  residual(0.5 * (low + high));
}

}  // namespace wpg::transport
