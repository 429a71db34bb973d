#pragma once
#include "wpg/compare.hpp"

namespace wpg {

/// The case of a run, as it is run: with its scheme, its file and the measure of W2, and without the keys of section
/// [scheme] that other compared schemes read and this one does not. A key that none reads stays, and is refused.
Config config_of(const CompareRequest& request, const Comparison& comparison, std::size_t run);

/// Steps of a run at which it is compared, ascending.
std::vector<Index> compared_steps(const Comparison& comparison, const ComparedRun& run);

/// Closed forms of a completed run, where there are any.
void add_closed_forms(ComparedRun& run, const RunPlan& plan, const RunResult& result);

}  // namespace wpg
