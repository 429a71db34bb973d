#pragma once
#include "case_plan.hpp"
#include "wpg/run_file.hpp"

namespace wpg {

/// Adds to a plan what section [particles] asks for: the particles and their diagnostics.
void add_particles(const Config& config, CasePlan& plan);

/// Says in a result file's header that the plan's particles, and their histogram as the last of the fields beside rho,
/// are recorded.
void announce_particles(const CasePlan& plan, RunHeader& header);

}  // namespace wpg
