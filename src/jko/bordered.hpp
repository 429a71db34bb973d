#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// A field of a two-dimensional grid, in single precision, with a border of one cell that continues it: periodically
/// across a seam, by the nearest cell at a wall.
class Bordered {
 public:
  explicit Bordered(const Grid& grid)
      : columns_(grid.axis(0).cells),
        rows_(grid.axis(1).cells),
        pitch_(columns_ + Index{4} * lanes),
        periodic_{grid.axis(0).boundary == Boundary::periodic, grid.axis(1).boundary == Boundary::periodic},
        values_(static_cast<std::size_t>(pitch_ * (rows_ + 2)), 0.0F) {}

  /// Cell 0 of row j, -1 <= j <= rows. Cells -1 to columns are of the field; packs may reach beyond.
  float* row(Index j) { return values_.data() + (j + 1) * pitch_ + lanes; }
  const float* row(Index j) const { return values_.data() + (j + 1) * pitch_ + lanes; }

  void clear() { std::fill(values_.begin(), values_.end(), 0.0F); }

  void fill_border() {
    for (Index j = 0; j < rows_; ++j) {
      float* const cells = row(j);
      cells[-1] = cells[periodic_[0] ? columns_ - 1 : 0];
      cells[columns_] = cells[periodic_[0] ? 0 : columns_ - 1];
    }
    std::copy_n(row(periodic_[1] ? rows_ - 1 : 0) - lanes, pitch_, row(-1) - lanes);
    std::copy_n(row(periodic_[1] ? 0 : rows_ - 1) - lanes, pitch_, row(rows_) - lanes);
  }

  std::size_t memory() const { return values_.size() * sizeof(float); }

 private:
  Index columns_, rows_, pitch_;
  std::array<bool, 2> periodic_;
  std::vector<float> values_;
};

}  // namespace wpg
