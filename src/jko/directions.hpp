#pragma once
#include <array>

#include "wpg/grid.hpp"

namespace wpg {

/// The directions of the links of a nine-point stencil; each link belongs to the cell it leaves forward.
enum Direction { east, north, northeast, northwest };

inline constexpr std::array<Direction, 4> directions = {east, north, northeast, northwest};
inline constexpr std::array<Index, 4> columns_ahead = {1, 0, 1, -1};
inline constexpr std::array<Index, 4> rows_ahead = {0, 1, 1, 1};

}  // namespace wpg
