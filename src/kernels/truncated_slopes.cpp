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
    work.down[m + 3] = smallest(down);
  }
}

/// On a periodic axis, those of the copies too, which are bent up and down by a period. None stand at either end.
void TruncatedLine::repeat_slopes(Workspace& work) const {
  const Index last = static_cast<Index>(stations_.size()) - 1;
  const Index n = (slopes() + stretch_ - 1) / stretch_;
  const double bend = last > n ? 2.0 * work.convexity * half_inverse_variance_ * period_ : 0.0;
  for (Index m = 0; m < n && last > n; ++m) {
    for (double* const of : {work.up.data() + m, work.down.data() + m + 3}) {
      of[2 * n] = of[0] - bend;
      of[n] = of[0];
      of[0] += bend;
    }
  }
  std::fill_n(work.up.begin() + last, 3, -infinity);
  std::fill_n(work.down.begin(), 3, infinity);
}

/// Where the slack of each station is zero for what follows it and for what comes before, as 2 k x: for the next three
/// stretches (one of which may be cut short by the seam of a period), and for all, up to what they need.
void TruncatedLine::place_stations(Workspace& work) const {
  const Index last = static_cast<Index>(stations_.size()) - 1;
  const double tilt = 2.0 * half_inverse_variance_;
  const double far = static_cast<double>(2 * stretch_);
  const double needed = negligible / far - (1.0 - most_convex) * half_inverse_variance_ * far;
  const double more = tilt * (most_convex - work.convexity);
  double all = -infinity;
  for (Index s = last; s >= 0; --s) {
    const double* const up = work.up.data() + s;
    all = std::max(all, up[0] - more * (stations_[s] + 0.5));
    work.right_far[s] = (1.0 - most_convex) * tilt * stations_[s] - all - needed;
    work.right_near[s] = (1.0 - work.convexity) * tilt * stations_[s] - std::max(std::max(up[0], up[1]), up[2]);
  }
  all = infinity;
  for (Index s = 0; s <= last; ++s) {
    const double* const down = work.down.data() + s;
    all = std::min(all, down[2] - more * (stations_[s] - 0.5));
    work.left_far[s] = (1.0 - most_convex) * tilt * stations_[s] - all + needed;
    work.left_near[s] = (1.0 - work.convexity) * tilt * stations_[s] - std::min(std::min(down[0], down[1]), down[2]);
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
  const Index begin = std::isinf(period_) ? 0 : -reach_;
  const Index last = static_cast<Index>(stations_.size()) - 1;
  Index right = 0;
  Index left = 0;
  for (Index b = 0; b <= blocks(); ++b) {
    const double x = boundary(b);
    const double at = 2.0 * half_inverse_variance_ * x;
    const auto over = [&](Index s) { return work.right_near[s] - at; };
    const auto under = [&](Index s) { return at - work.left_near[s]; };
    while (std::min(work.right_near[right], work.right_far[right]) < at) ++right;
    while (left < last && std::max(work.left_near[left + 1], work.left_far[left + 1]) <= at) ++left;
    const bool sooner = right > 0 && work.right_far[right - 1] >= at && -over(right - 1) < over(right);
    const bool later = left < last && work.left_far[left + 1] <= at && -under(left + 1) < under(left);
    const Index end_at = sooner ? right - 1 : right;
    const Index begin_at = later ? left + 1 : left;
    const auto p = static_cast<Index>(stations_[end_at]);
    const auto q = static_cast<Index>(stations_[begin_at]);
    if (b > 0) work.end[b - 1] = std::min(length_ - begin, p + beyond(over(end_at), work.convexity));
    work.begin[b] = std::max(begin, q + 1 - beyond(under(begin_at), work.convexity));
    work.bound[b] = max(term(work, p, x), term(work, q, x)) - negligible;
  }
}

}  // namespace wpg
