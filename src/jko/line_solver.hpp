#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// One row of `lanes` tridiagonal systems: (own + up + down) z - up z_next - down z_previous = right.
struct LineRow {
  Pack own, up, down, right;
};

/// `width` packs of tridiagonal systems, solved while their rows come in one after the other: what is eliminated in one
/// pack does not wait for the others, which hides how long a division takes. The elimination never subtracts, and stays
/// accurate however large the couplings are.
template <int width>
class LineSolver {
 public:
  explicit LineSolver(std::vector<Pack>& scratch, Index length) : scratch_(scratch) {
    if (static_cast<Index>(scratch.size()) < Index{2} * width * length)
      scratch.resize(static_cast<std::size_t>(Index{2} * width * length));
    t_.fill(broadcast(1.0));
    z_.fill(Pack{});
  }

  /// Takes row i of pack w, in ascending order. In terms of t = 1 - (eliminated upper entry), which keeps the
  /// diagonal's own part.
  void eliminate(Index i, int w, const LineRow& row) {
    const auto k = static_cast<std::size_t>(w);
    const Pack lower = row.own + row.down * t_[k];
    const Pack inverse = 1.0 / (lower + row.up);
    z_[k] = (row.right + row.down * z_[k]) * inverse;
    t_[k] = lower * inverse;
    at(i, w, 0) = z_[k];
    at(i, w, 1) = row.up * inverse;
  }

  /// Solves up to row i of pack w, in descending order.
  Pack substitute(Index i, int w) {
    const auto k = static_cast<std::size_t>(w);
    return next_[k] = at(i, w, 0) + at(i, w, 1) * next_[k];
  }

 private:
  Pack& at(Index i, int w, int part) { return scratch_[static_cast<std::size_t>(2 * (width * i + w) + part)]; }

  std::vector<Pack>& scratch_;
  std::array<Pack, width> t_, z_, next_{};
};

}  // namespace wpg
