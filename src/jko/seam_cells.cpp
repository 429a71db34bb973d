#include "jko/seam_cells.hpp"

#include <algorithm>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// With one cell less on either side one step in two takes an evaluation more.
constexpr Index width = 2;
/// What is in numbers_ while cells are looked for.
constexpr std::int32_t on_ridge = 0, beside = 1;

}  // namespace

SeamCells::SeamCells(const Grid& grid) : grid_(grid), numbers_(static_cast<std::size_t>(grid.size()), elsewhere) {
  cells_.reserve(static_cast<std::size_t>(grid.size() / 2));
}

/// The cell at a position, across seams of periodic axes or at the wall.
std::size_t SeamCells::inside(Index column, Index row) const {
  const auto place = [&](int axis, Index position) {
    const Index n = grid_.axis(axis).cells;
    if (grid_.axis(axis).boundary == Boundary::periodic) return (position + n) % n;
    return std::clamp<Index>(position, 0, n - 1);
  };
  return static_cast<std::size_t>(place(1, row) * grid_.axis(0).cells + place(0, column));
}

void SeamCells::widen() {
  const Index n = grid_.axis(0).cells;
  for (Index cell = 0; cell < grid_.size(); ++cell) {
    if (numbers_[static_cast<std::size_t>(cell)] != on_ridge) continue;
    for (Index b = -width; b <= width; ++b) {
      for (Index a = -width; a <= width; ++a) {
        auto& near = numbers_[inside(cell % n + a, cell / n + b)];
        if (near == elsewhere) near = beside;
      }
    }
  }
}

void SeamCells::find(const Conductivity& conductivity) {
  const Index n = grid_.axis(0).cells;
  parallel_sweep(grid_.axis(1).cells, grid_.size(),
                 [&](Index j) { conductivity.find_ridges(j, numbers_.data() + j * n); });
  widen();
  cells_.clear();
  for (std::size_t cell = 0; cell < numbers_.size(); ++cell) {
    auto& number = numbers_[cell];
    if (number == elsewhere) continue;
    number = cells_.size() < room() ? static_cast<std::int32_t>(cells_.size()) : elsewhere;
    if (number != elsewhere) cells_.push_back(static_cast<std::int32_t>(cell));
  }
}

}  // namespace wpg
