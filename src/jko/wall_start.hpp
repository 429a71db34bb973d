#pragma once
#include "wpg/field.hpp"

namespace wpg {

/// Whether log q has a ridge between sources that the grid tells apart: lambda has a kink there.
bool has_ridge(const Grid& grid, double epsilon, const Values& log_q);

/// Whether nu has mass in all cells near reflecting walls, of which there are some. Where it has none, all mass of rho
/// comes from its last cell, which is not the same on two grids.
bool has_mass_at_walls(const Grid& grid, const Values& nu);

/// Replaces lambda near reflecting walls by `at_walls`, with a smooth transition.
///
/// All mass that the step would take out through a wall ends in the cells beside it, from tens of cells of nu: how far
/// each goes, to the centre of the last cell, depends on the grid, and the source's potential with it, by tens of
/// epsilon from one grid to the next. lambda does not: interpolated from inside (the mirror image's kink is not its
/// own) and extrapolated in epsilon it leaves residuals of 0.04 where a start by the source's potential leaves 0.28 (a
/// Gaussian on a line of 512 cells, gamma/epsilon = 410), if it has no kinks. Log-concave densities on a plane take up
/// to a third fewer kernel pairs at gamma/epsilon = 1000.
void blend_at_walls(const Grid& grid, const Values& at_walls, Values& lambda);

}  // namespace wpg
