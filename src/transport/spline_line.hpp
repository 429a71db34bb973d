#pragma once
#include "wpg/grid.hpp"

/// Interpolating coefficients of cubic B-splines on a line of n >= 4 values, `stride` apart: they replace the values f
/// by the solution c of (c[i-1] + 4 c[i] + c[i+1]) / 6 = f[i].
namespace wpg::transport {

/// The line is mirrored at its ends, with the factor `sign` (1 or -1).
void solve_mirrored(double* c, Index n, Index stride, double sign);
/// The coefficients continue as a cubic polynomial beyond the ends.
void solve_extrapolated(double* c, Index n, Index stride);
/// The line is a circle.
void solve_periodic(double* c, Index n, Index stride);
/// Fills the two coefficients before c[0] in the direction -step, as a cubic polynomial continues.
void extrapolate(double* c, Index step);

}  // namespace wpg::transport
