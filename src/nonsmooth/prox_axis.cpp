#include "nonsmooth/prox_axis.hpp"

#include <cmath>

namespace wpg {
namespace {

/// Faces this close to an image point, in cells, count as the point itself: rounding must not decide which of two
/// neighbours gets an atom.
constexpr double close = 1e-9;
/// A stretch longer than this, in cells, whose image lies within `close` of a face collapses onto it.
constexpr double stretch = 1e-6;

}  // namespace

ProxAxis::ProxAxis(const Grid& grid, int axis, const Nonsmooth& F, double gamma)
    : F_(F), axis_(grid.axis(axis)), k_(axis), gamma_(gamma), base_(F.prox(grid.center(grid.size() / 2), gamma)) {
  const Index n = axis_.cells;
  const double h = axis_.spacing();
  Index begin = 0, end = n;
  find_domain(begin, end);
  const auto in_cells = [&](double x) { return std::clamp((x - axis_.lower) / h, 0.0, static_cast<double>(n)); };
  for (Index f = 0; f <= n; ++f) {
    Preimage p{0.0, 0.0};
    if (f > begin && f < end) {
      p = {in_cells(first_at(axis_.face(f) - close * h)), in_cells(first_at(axis_.face(f) + close * h))};
      if (p.last - p.first > stretch) {
        splits_ = true;
      } else {
        p.first = p.last = 0.5 * (p.first + p.last);
      }
    } else if (f >= end && f > 0) {
      p = {static_cast<double>(n), static_cast<double>(n)};
    }
    preimages_.push_back(p);
  }
}

double ProxAxis::image(double x) const {
  Point at = base_;
  at[k_] = x;
  return F_.prox(at, gamma_)[k_];
}

double ProxAxis::first_at(double level) const {
  double below = axis_.lower, above = axis_.upper;
  if (image(below) >= level) return below;
  if (image(above) < level) return above;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (below + above);
    if (!(middle > below && middle < above)) break;
    (image(middle) >= level ? above : below) = middle;
  }
  return above;
}

/// The cells whose centres lie in the domain of F along this axis, which is convex.
void ProxAxis::find_domain(Index& begin, Index& end) const {
  const auto inside = [&](Index i) {
    Point at = base_;
    at[k_] = axis_.center(i);
    return std::isfinite(F_.value(at));
  };
  while (begin < end && !inside(begin)) ++begin;
  while (end > begin && !inside(end - 1)) --end;
}

}  // namespace wpg
