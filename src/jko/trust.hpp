#pragma once
#include "wpg/field.hpp"

namespace wpg {

/// Updates the trust in (0, 1] that the preconditioner has by cell, after a step between two residuals: where a
/// residual turned round to more than half its size, the step overshot, and the trust is lowered at once; else it is
/// given back slowly.
void update_trust(const Values& before, const Values& after, Values& trust);

/// Lowers the trust alone, of cells that overshot by more. Returns whether there are any.
bool lower_trust(const Values& before, const Values& after, Values& trust);

}  // namespace wpg
