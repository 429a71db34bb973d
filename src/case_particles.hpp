#pragma once
#include "case_plan.hpp"

namespace wpg {

/// Adds to a plan what section [particles] asks for: the particles and their diagnostics.
void add_particles(const Config& config, CasePlan& plan);

}  // namespace wpg
