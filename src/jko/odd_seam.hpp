#pragma once
#include "jko/faces.hpp"

namespace wpg {

/// Adds the coarse links of row j across the seam of a periodic axis of an odd number of cells. There the last coarse
/// cell is one fine cell wide and has no chain of links to itself: it takes half the sum of the fine couplings.
void couple_odd_seams(const Stencil& fine, Index j, Index coarse_columns, Faces& faces);

}  // namespace wpg
