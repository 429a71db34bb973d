#pragma once
#include "wpg/transport.hpp"

namespace wpg::transport {

/// Smallest eigenvalue of the Jacobian of a map (of its symmetric part) over the cell centres and corners of a grid;
/// NaN if one is not finite.
double smallest_stretch(const Grid& grid, const GradientMap& map);

}  // namespace wpg::transport
