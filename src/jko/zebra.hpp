#pragma once
#include "jko/stencil.hpp"

namespace wpg {

/// One zebra line relaxation along x, then one along y: the lines of even index exactly, given the others, then those
/// of odd index. Lines across a seam take the value on its other side as given.
void relax_lines(Stencil& stencil);

}  // namespace wpg
