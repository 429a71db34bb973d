#include "jko/second_differences.hpp"

#include <algorithm>
#include <utility>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// No density turns by more within a cell; infinite log q gives no number at all.
constexpr double largest_curvature = 1e30;

}  // namespace

RowDifferences::RowDifferences(const Grid& grid, double epsilon) : grid_(grid) {
  const double hx = grid.axis(0).spacing();
  const double hy = grid.axis(1).spacing();
  scale_ = {epsilon / (hx * hx), epsilon / (hy * hy), epsilon / (hx * hx + hy * hy), epsilon / (hx * hx + hy * hy)};
}

void RowDifferences::cells(const double* q, Index count, Neighbours x, Neighbours y, const std::array<float*, 4>& to,
                           Index i) const {
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
      float* const cell = to[static_cast<std::size_t>(d)] + i + k;
      if (n >= lanes) {
        store(cell, bounded);
      } else {
        for (Index lane = 0; lane < n; ++lane) cell[lane] = static_cast<float>(bounded[lane]);
      }
    }
  }
}

void RowDifferences::take(const Values& log_q, Index j, const std::array<float*, 4>& to) const {
  const Index n = grid_.axis(0).cells;
  const Neighbours y = neighbours(grid_, 1, j);
  for (const auto& [begin, end] : {std::pair<Index, Index>{0, 1}, {1, n - 1}, {n - 1, n}}) {
    const Neighbours x = neighbours(grid_, 0, begin);
    cells(log_q.data() + j * n + begin, end - begin, x, y, to, begin);
  }
}

SecondDifferences::SecondDifferences(const Grid& grid, double epsilon)
    : grid_(grid), rows_(grid, epsilon), differences_(4, Bordered(grid)) {}

void SecondDifferences::update(const Values& log_q) {
  parallel_sweep(grid_.axis(1).cells, grid_.size(), [&](Index j) {
    rows_.take(log_q, j,
               {differences_[east].row(j), differences_[north].row(j), differences_[northeast].row(j),
                differences_[northwest].row(j)});
  });
  for (Bordered& field : differences_) field.fill_border();
}

}  // namespace wpg
