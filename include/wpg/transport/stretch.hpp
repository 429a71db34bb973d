#pragma once
#include "wpg/transport.hpp"

namespace wpg::transport {

/// Smallest eigenvalue of the symmetric part of the Jacobian of a map over the cell centres and corners of a grid; NaN if one is not finite.
double smallest_stretch(const Grid& grid, const GradientMap& map);

}  // namespace wpg::transport
