#pragma once
#include <vector>

#include "jko/stencil.hpp"

namespace wpg {

/// The links of one row of cells, to itself and to the row above, with their couplings as both ends see them, in
/// natural order and with a ghost on either side: cell i is entry i + 1.
struct Faces {
  std::array<std::vector<double>, 4> forward;   ///< entry of the cell that the link leaves
  std::array<std::vector<double>, 4> backward;  ///< entry of the cell that it reaches

  void prepare(Index columns);
  /// Sets the links of `lanes` cells from entry i on.
  void set(Direction d, Index i, Pack ahead, Pack back) {
    store(forward[d].data() + i, ahead);
    store(backward[d].data() + i + columns_ahead[d], back);
  }
  /// Links through the ends of the row lead across the seam, or nowhere; beyond the ends there is none.
  void close_ends(Index columns, bool wraps);
  /// Stores the links of row j; those to the row above where there is one.
  void store_into(Stencil& s, Index j) const;
};

/// Row `row` of the stencil's field from natural order.
template <class Vector>
void store_row(Vector& to, const Stencil& s, Index row, const std::vector<double>& from) {
  for (Index i = 0; i < s.columns; i += Index{2} * lanes) {
    store_apart(to, s, row, i, load(from.data() + i + 1), load(from.data() + i + 1 + lanes));
  }
}

}  // namespace wpg
