#pragma once
#include <vector>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// A bundle of tridiagonal systems, row i: (own + up + down) z_i - up z_{i+1} - down z_{i-1} = right. The elimination
/// never subtracts, and stays accurate however large the couplings are.
struct Tridiagonal {
  std::vector<Pack> own, up, down, right;

  void prepare(Index length);
  /// The coupling of the first or of the last row out of the system, to a given value.
  void close_first(Pack value) { close(0, down.front(), value); }
  void close_last(Index last, Pack value);
  /// Leaves z in `right`; `up` is used up.
  void solve(Index length);

 private:
  void close(std::size_t i, Pack& coupling, Pack value);
};

}  // namespace wpg
