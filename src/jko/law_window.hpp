#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "jko/preconditioner.hpp"
#include "simd.hpp"

namespace wpg {

/// The law of the targets of one source on a two-dimensional grid, in a window of cells about its mean target:
///
///     pi(y | x) = G(x, y) v(y) / (G v)(x),   G the Gaussian of variance epsilon with its images at walls.
class LawWindow {
 public:
  /// Smaller ones are left out by for_cells().
  static constexpr double least_probability = 3e-3;

  LawWindow(const Grid& grid, double epsilon);

  /// A point or the variances of a law along the axes, in units of cells.
  using Pair = std::array<double, 2>;
  /// Puts the window about a mean; it holds several standard deviations.
  void centre(const Pair& mean, const Pair& variance);
  /// Of the source in cell (i, j), whose log(G v) is log_gv; log v = log rho - log q. Returns how much of the law the
  /// window holds.
  double take(Index i, Index j, const Values& log_q, const Values& log_rho, double log_gv);
  /// Calls visit(cell, log probability, probability) for the cells of a probability above the least one.
  template <class Visit>
  void for_cells(const Visit& visit) const;
  /// The cell about which the window lies.
  Index middle() const { return near_middle(0, 0); }
  /// The cell so far from it, or at the wall.
  Index near_middle(Index columns, Index rows) const {
    return cell(1, inside(1, middle_[1] + rows)) * grid_.axis(0).cells + cell(0, inside(0, middle_[0] + columns));
  }
  /// Cells that a window has at most.
  Index size() const { return (2 * reach_[0] + 1) * (2 * reach_[1] + 1); }

 private:
  /// Consecutive cells along an axis; those of a periodic one may lie beyond its seam.
  struct Span {
    Index first, count;
  };

  void centre_axis(int axis, double mean, double variance);
  Index cell(int axis, Index position) const;
  Index inside(int axis, Index position) const {
    const Axis& a = grid_.axis(axis);
    return a.boundary == Boundary::periodic ? position : std::clamp<Index>(position, 0, a.cells - 1);
  }
  void take_axis(int axis, Index from);
  bool take_row(Index row, double shift, const Values& log_q, const Values& log_rho, Pack& total);
  const double* gathered(Index row, const Values& values, std::vector<double>& to) const;

  Grid grid_;
  double unit_;                  ///< log of the kernel's weight at a distance of zero and of a cell's volume
  std::array<double, 2> scale_;  ///< h^2 / (2 epsilon)
  std::array<Index, 2> reach_;   ///< either way, in cells
  Index pitch_;
  std::array<Index, 2> middle_{};
  std::array<Span, 2> span_{};
  std::array<std::vector<double>, 2> log_axis_;
  std::vector<double> row_q_, row_rho_;                ///< of a window across a seam
  std::vector<double> log_probability_, probability_;  ///< by row, `pitch_` apart
  std::vector<unsigned char> counts_;                  ///< of a row whether any probability is above the least one
};

template <class Visit>
void LawWindow::for_cells(const Visit& visit) const {
  for (Index row = 0; row < span_[1].count; ++row) {
    if (counts_[static_cast<std::size_t>(row)] == 0) continue;
    const Index first = cell(1, span_[1].first + row) * grid_.axis(0).cells;
    for (Index k = 0; k < span_[0].count; ++k) {
      const auto at = static_cast<std::size_t>(row * pitch_ + k);
      if (!(probability_[at] > least_probability)) continue;
      visit(first + cell(0, span_[0].first + k), log_probability_[at], probability_[at]);
    }
  }
}

}  // namespace wpg
