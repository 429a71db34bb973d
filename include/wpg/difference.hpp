#pragma once
#include "wpg/field.hpp"

namespace wpg {

/// What a field is beyond reflecting and free ends: its mirror image, or its cubic extrapolation.
enum class Ends { mirrored, extrapolated };

/// out = `scale` times the partial derivative of f along an axis at the cell centres, by central differences of fourth
/// order (third at extrapolated ends). Along periodic axes f wraps. `in` and `out` are distinct.
void difference(const Grid& grid, int axis, Ends ends, const Values& in, double scale, Values& out);

/// Largest eigenvalue of minus the Laplacian that an explicit step on this grid sees: differences of fourth order for
/// the velocity, then the pushforward. At most 2.6 h^-2 a axis (measured).
double laplacian_bound(const Grid& grid);

}  // namespace wpg
