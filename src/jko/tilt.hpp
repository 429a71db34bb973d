#pragma once
#include <limits>

#include "wpg/nonsmooth.hpp"

namespace wpg {

/// Tilts beyond it are infinite.
inline constexpr double largest_tilt = std::numeric_limits<double>::max();

/// Stands for the logarithm of rho = 0 where a constraint excludes a cell.
inline constexpr double log_of_zero = -1e4;

/// factor (V + F) at the cell centres; null pointers for none. Infinite where F is: on the finest grid at the cell's
/// centre, on coarser ones in the whole cell (F is taken at the point of its domain nearest to the centre), so that a
/// domain narrower than a coarse cell is not lost.
Values make_tilt(const Grid& grid, double factor, const Potential* V, const Nonsmooth* F, bool finest);

}  // namespace wpg
