#pragma once
#include <vector>

#include "simd.hpp"
#include "wpg/wasserstein.hpp"

namespace wpg {

/// A stretch of mass that lies in one cell of either measure on a line. Shares are of the cell's mass, counted from
/// where the walk enters it; points are in units of the cell.
struct Match {
  struct Part {
    std::size_t cell = 0;
    double begin = 0.0, end = 1.0;  ///< shares
    double from = 0.0, to = 1.0;    ///< the points that belong to them
  };
  Part a, b;
};

/// Matches the first half of the mass of both walks, cell by cell, leaving out a beginning lighter than 1e-34: fills
/// the cells and shares.
void match_masses(const LineDistribution::Walk& a, const LineDistribution::Walk& b, std::vector<Match>& matches);

/// The monotone quintic distribution functions of as many cells as a pack has lanes.
class PackedCells {
 public:
  using Walk = LineDistribution::Walk;
  void gather(int lane, const Walk& walk, std::size_t cell);

  /// Share of the cell's mass in its first part [0, t], and its derivative.
  Pack share(Pack t) const;
  Pack density(Pack t) const;
  /// t in [low, high] with that share: Newton's method, bisecting where it leaves the bracket.
  Pack inverse(Pack share, Pack low, Pack high, Pack guess) const;

 private:
  Pack density_[5]{}, sums_[5]{};
};

}  // namespace wpg
