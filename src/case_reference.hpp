#pragma once
#include "case_plan.hpp"

namespace wpg {

/// Adds to a plan what section [reference] asks for: the solution and its diagnostics.
void add_reference(const Config& config, const DiagnosticOptions& options, CasePlan& plan);

}  // namespace wpg
