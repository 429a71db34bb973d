#pragma once
#include "jko/conductivity.hpp"
#include "jko/stencil.hpp"

namespace wpg {

/// Sets the finest stencil's couplings and log rho: those of row j to itself and to the row above, for every j.
/// `coupling` multiplies the conductivities. Rows may be set by different threads.
void assemble_row(const Conductivity& conductivity, const Values& log_rho, double coupling, Index j, Stencil& stencil);

}  // namespace wpg
