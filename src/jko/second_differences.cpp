#include "jko/second_differences.hpp"

#include <algorithm>
#include <utility>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// No density turns by more within a cell; infinite log q gives no number at all.
constexpr double largest_curvature = 1e30;

}  // namespace

SecondDifferences::SecondDifferences(const Grid& grid, double epsilon) : grid_(grid), differences_(4, Bordered(grid)) {
  const double hx = grid.axis(0).spacing();
  const double hy = grid.axis(1).spacing();
  scale_ = {epsilon / (hx * hx), epsilon / (hy * hy), epsilon / (hx * hx + hy * hy), epsilon / (hx * hx + hy * hy)};
}

void SecondDifferences::cells(const double* q, Index count, Neighbours x, Neighbours y, Index i, Index j) {
  const std::array<Index, 4> ahead = {x.upper, y.upper, x.upper + y.upper, x.lower + y.upper};
  const std::array<Index, 4> behind = {x.lower, y.lower, x.lower + y.lower, x.upper + y.lower};
  // A wall has no part in the differences along it: in a corner those of the next row are several times too small.
  const std::array<Index, 4> middle = {x.shift, y.shift, x.shift + y.shift, x.shift + y.shift};
  for (Index k = 0; k < count; k += lanes) {
    const Index n = count - k;
    for (const Direction d : directions) {
      const auto at = [&](Index offset) { return load_some(q + k + middle[d] + offset, n, 0.0); };
      const Pack value = scale_[d] * (at(ahead[d]) + at(behind[d]) - 2.0 * at(0));
      const Pack bounded = max(min(value, broadcast(largest_curvature)), broadcast(-largest_curvature));
      float* const to = differences_[d].row(j) + i + k;
      if (n >= lanes) {
        store(to, bounded);
      } else {
        for (Index lane = 0; lane < n; ++lane) to[lane] = static_cast<float>(bounded[lane]);
      }
    }
  }
}

void SecondDifferences::row(const Values& log_q, Index j) {
  const Index n = grid_.axis(0).cells;
  const Neighbours y = neighbours(grid_, 1, j);
  for (const auto& [begin, end] : {std::pair<Index, Index>{0, 1}, {1, n - 1}, {n - 1, n}}) {
    const Neighbours x = neighbours(grid_, 0, begin);
    cells(log_q.data() + j * n + begin, end - begin, x, y, begin, j);
  }
}

void SecondDifferences::update(const Values& log_q) {
  parallel_sweep(grid_.axis(1).cells, grid_.size(), [&](Index j) { row(log_q, j); });
  for (Bordered& field : differences_) field.fill_border();
}

}  // namespace wpg
