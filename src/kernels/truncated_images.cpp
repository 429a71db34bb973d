#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "kernels/truncated_line.hpp"

namespace wpg {
namespace {

/// Cells of a block's window whose terms take as long as the search for the window (measured).
constexpr double worth_of_search = 12.0;
/// How much wider than is wanted all windows may be to be tightened (measured).
constexpr double worth_tightening = 3.0;
/// Cells that are tested together.
constexpr Index tested = 8;

}  // namespace

/// How many of the inputs j, j + step, ..., `tested` in all, come before the first that matters at a boundary. All are
/// tested, since a branch for each would be mispredicted in nearly every window.
Index TruncatedLine::idle(const Workspace& work, Index j, Index step, Index b) const {
  std::uint32_t matter = 1U << tested;
  for (int k = 0; k < tested; ++k) matter |= static_cast<std::uint32_t>(cell_matters(work, j + step * k, b)) << k;
  return std::countr_zero(matter);
}

/// Leaves out single cells at either end of windows of more than so many, at least `tested`.
void TruncatedLine::tighten(Workspace& work, Index wide) const {
  Index begin = work.begin[0];
  for (Index b = 0; b < blocks(); ++b) {
    begin = std::max(begin, work.begin[b]);
    for (Index more = tested; more == tested && work.end[b] - begin > wide; begin += more) {
      more = idle(work, begin, 1, b);
    }
    work.begin[b] = begin;
  }
  Index end = work.end[blocks() - 1];
  for (Index b = blocks(); b-- > 0;) {
    end = std::min(end, work.end[b]);
    for (Index more = tested; more == tested && end - work.begin[b] > wide; end -= more) {
      more = idle(work, end - 1, -1, b + 1);
    }
    work.end[b] = end;
  }
}

/// The cells' mirror images that matter. That of cell j behind the first face is farther from x than the cell itself by
/// (2 x + 1)(2 j + 1) in squares, so that it matters only where the cell does and this is small; images of images do
/// not, unless a cell matters nearly a line's length away: false then.
bool TruncatedLine::add_mirrored(Workspace& work) const {
  const double most = negligible / half_inverse_variance_;
  const double n = static_cast<double>(length_);
  const auto images = [&](double x, Index among) {
    const double face = 2.0 * x + 1.0;
    if (face > most) return Index{0};
    return std::min(among, static_cast<Index>(std::min(0.5 * (most / std::max(face, 1e-9) + 1.0), n)));
  };
  for (Index b = 0; b < blocks(); ++b) {
    const double farthest =
        std::max(static_cast<double>(work.end[b]) - boundary(b), boundary(b + 1) - static_cast<double>(work.begin[b]));
    if (farthest >= n - 0.25 * most / n) return false;
    const Index left = images(boundary(b), std::min(length_, work.end[std::max<Index>(b - 1, 0)]));
    const Index right = images(n - 1.0 - boundary(b + 1), length_ - work.begin[std::min(b + 1, blocks() - 1)]);
    if (left > work.begin[b]) work.begin[b] = -left;
    if (right > length_ - work.end[b]) work.end[b] = length_ + right;
  }
  return true;
}

/// A cell more than half a period away has a copy that is nearer, by 2 `period` `excess` in squares; false where it may
/// matter beyond the stations, which go one period beyond the line, or where three stretches may be less than two full
/// ones.
bool TruncatedLine::limit_to_period(Workspace& work) const {
  const double excess = 0.5 * negligible / (half_inverse_variance_ * period_);
  if (excess > 0.5 * period_ || period_ < static_cast<double>(3 * stretch_)) return false;
  const double most = 0.5 * period_ + excess;
  for (Index b = 0; b < blocks(); ++b) {
    const auto first = static_cast<Index>(std::ceil(boundary(b) - most));
    const auto last = static_cast<Index>(std::floor(boundary(b + 1) + most));
    work.begin[b] = std::max({work.begin[b], first, -reach_});
    work.end[b] = std::min({work.end[b], last + 1, length_ + reach_});
  }
  return true;
}

/// Makes both ends move one way along the line, as sum_blocks() needs: what does not matter at a boundary and lies
/// beyond all that do, does not matter past it. Returns the number of cells in all windows.
Index TruncatedLine::order_windows(Workspace& work) const {
  Index cells = 0;
  for (Index b = blocks() - 1; b-- > 0;) work.end[b] = std::min(work.end[b], work.end[b + 1]);
  for (Index b = 0; b < blocks(); ++b) {
    work.begin[b] = std::min(std::max(work.begin[b], work.begin[std::max<Index>(b - 1, 0)]), work.end[b]);
    cells += work.end[b] - work.begin[b];
  }
  return cells;
}

bool TruncatedLine::windows_from_slopes(Workspace& work) const {
  work.convexity = convexity(work);
  measure_slopes(work);
  repeat_slopes(work);
  place_stations(work);
  follow_slopes(work);
  const double span = step_ * static_cast<double>(block);
  const double least = span + 2.0 * std::sqrt(negligible / half_inverse_variance_);
  const double most = (least + worth_of_search) * static_cast<double>(blocks());
  if (static_cast<double>(order_windows(work)) > worth_tightening * most) return false;
  tighten(work, static_cast<Index>(least + worth_of_search));
  if (mirrored_ && !add_mirrored(work)) return false;
  if (!std::isinf(period_) && !limit_to_period(work)) return false;
  return static_cast<double>(order_windows(work)) <= most;
}

}  // namespace wpg
