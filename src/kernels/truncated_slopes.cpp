#include <algorithm>
#include <cmath>

#include "kernels/truncated_line.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Second differences above this, in units of 1/variance, count as kinks; the convexity that distant inputs may have.
constexpr double most_convex = 0.5;

double smallest(Pack p) { return -largest(-p); }

}  // namespace

// Windows from slopes. Let the slopes in_{i+1} - in_i - c (2 i + 1) k from a cell p up to cell p + d be at most A, with
// k = 1 / (2 variance) and any c < 1, the convexity. Then the term of cell p + d at x is that of p less at least
//     s d + (1 - c) k d^2,   s = 2 k ((1 - c) p - x) - A   (the slack),
// so that where this exceeds `negligible` the cell does not matter at x, whatever the range of the inputs is; and
// before p conversely. It holds for any p, and is tight near the largest term, where s changes its sign. Up to a
// distance `far` from p the slopes are those of the next stretches, with the convexity of the line; beyond, all slopes
// count, with the largest convexity. A jump to zeros or from them is an infinite slope; between zeros it is NaN, and
// left out.

/// The mean second difference between stations in units of 1/variance, kinks and jumps left out.
double TruncatedLine::convexity(const Workspace& work) const {
  const double unit = 0.5 / (half_inverse_variance_ * static_cast<double>(stretch_ * stretch_));
  const Index differences = (length_ - 1) / stretch_ - 1;
  Pack total{};
  for (Index m = 0; m < differences; ++m) {
    const Pack* const at = work.in.data() + m * stretch_;
    const Pack bend = unit * ((at[2 * stretch_] - at[stretch_]) - (at[stretch_] - at[0]));
    total += bend < most_convex ? max(bend, broadcast(-most_convex)) : Pack{};
  }
  return largest(total) / static_cast<double>(std::max<Index>(differences, 1));
}

void TruncatedLine::measure_slopes(Workspace& work) const {
  const Index* const cell = cell_.data() + reach_;
  const double bend = work.convexity * half_inverse_variance_;
  for (Index begin = 0, m = 0; begin < slopes(); begin += stretch_, ++m) {
    Pack up = broadcast(-infinity);
    Pack down = broadcast(infinity);
    for (Index i = begin; i < std::min(begin + stretch_, slopes()); ++i) {
      const Pack slope = work.in[cell[i + 1]] - work.in[i] - bend * static_cast<double>(2 * i + 1);
      up = max(slope, up);
      down = min(slope, down);
    }
    work.up[m] = largest(up);
    work.down[m] = smallest(down);
  }
}

/// The extreme slopes beyond and before each station, of three stretches (one of which may be cut short by the seam of
/// a period) and of all, bent down as their distance and the period ask.
void TruncatedLine::accumulate_slopes(Workspace& work) const {
  const Index last = static_cast<Index>(stations_.size()) - 1;
  const Index stretches = (slopes() + stretch_ - 1) / stretch_;
  const double more = 2.0 * (most_convex - work.convexity) * half_inverse_variance_;
  const double bend = 2.0 * work.convexity * half_inverse_variance_ * (last > stretches ? period_ : 0.0);
  for (Index s = 0; s < last; ++s) {
    const double bent = bend * static_cast<double>(s / stretches - last / stretches / 2);
    work.near_rise[s] = work.up[s % stretches] - bent;
    work.near_fall[s + 1] = work.down[s % stretches] - bent;
  }
  work.near_rise[last] = work.far_rise[last] = -infinity;
  work.near_fall[0] = work.far_fall[0] = infinity;
  for (Index s = last; s-- > 0;) {
    work.far_rise[s] = std::max(work.far_rise[s + 1], work.near_rise[s] - more * (stations_[s] + 0.5));
  }
  for (Index s = 1; s <= last; ++s) {
    work.far_fall[s] = std::min(work.far_fall[s - 1], work.near_fall[s] - more * (stations_[s] - 0.5));
  }
  for (Index s = 0; s < last; ++s) {
    work.near_rise[s] = std::max({work.near_rise[s], work.near_rise[s + 1], work.near_rise[std::min(s + 2, last)]});
  }
  for (Index s = last; s > 0; --s) {
    work.near_fall[s] = std::min({work.near_fall[s], work.near_fall[s - 1], work.near_fall[std::max<Index>(s - 2, 0)]});
  }
}

/// How many cells beyond a station of this slack those begin that do not matter.
Index TruncatedLine::beyond(double slack, double convexity) const {
  const double a = (1.0 - convexity) * half_inverse_variance_;
  const double root = std::sqrt(slack * slack + 4.0 * negligible * a);
  const double cells = slack > 0.0 ? 2.0 * negligible / (slack + root) : 0.5 * (root - slack) / a;
  return std::max<Index>(1, static_cast<Index>(std::ceil(std::min(cells, static_cast<double>(2 * stretch_)))));
}

/// Windows from the stations of least slack on either side of each boundary, which move on with it, and bounds on the
/// largest term there from the terms of the two.
void TruncatedLine::follow_slopes(Workspace& work) const {
  const double tilt = 2.0 * half_inverse_variance_;
  const double far = static_cast<double>(2 * stretch_);
  const double needed = negligible / far - (1.0 - most_convex) * half_inverse_variance_ * far;
  const auto pull = [&](Index s, double c, double x) { return tilt * ((1.0 - c) * stations_[s] - x); };
  const Index begin = std::isinf(period_) ? 0 : -reach_;
  const Index last = static_cast<Index>(stations_.size()) - 1;
  Index right = 0;
  Index left = 0;
  for (Index b = 0; b <= blocks(); ++b) {
    const double x = boundary(b);
    const auto over = [&](Index s) { return pull(s, work.convexity, x) - work.near_rise[s]; };
    const auto under = [&](Index s) { return work.near_fall[s] - pull(s, work.convexity, x); };
    const auto served = [&](Index s) { return pull(s, most_convex, x) - work.far_rise[s] >= needed; };
    const auto left_served = [&](Index s) { return work.far_fall[s] - pull(s, most_convex, x) >= needed; };
    while (over(right) < 0.0 || !served(right)) ++right;
    while (left < last && under(left + 1) >= 0.0 && left_served(left + 1)) ++left;
    const Index end_at = right > 0 && -over(right - 1) < over(right) && served(right - 1) ? right - 1 : right;
    const Index begin_at = left < last && -under(left + 1) < under(left) && left_served(left + 1) ? left + 1 : left;
    const auto p = static_cast<Index>(stations_[end_at]);
    const auto q = static_cast<Index>(stations_[begin_at]);
    if (b > 0) work.end[b - 1] = std::min(length_ - begin, p + beyond(over(end_at), work.convexity));
    work.begin[b] = std::max(begin, q + 1 - beyond(under(begin_at), work.convexity));
    work.bound[b] = max(term(work, p, x), term(work, q, x)) - negligible;
  }
}

}  // namespace wpg
