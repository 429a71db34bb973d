#pragma once
#include "jko/stencil.hpp"

namespace wpg {

/// Zebra line relaxations along x and along y: the lines of even index exactly, given the others, then those of odd
/// index. Lines across a seam take the value on its other side as given.
void relax_along_x(Stencil& stencil);
void relax_along_y(Stencil& stencil);

}  // namespace wpg
