#pragma once
#include "wpg/compare.hpp"

namespace wpg {

/// What `wpg compare` prints, as one table and as one JSON object with the same content.
std::string comparison_text(const Comparison& comparison);
std::string comparison_json(const Comparison& comparison);
/// What a comparison would do.
std::string comparison_plan_text(const Comparison& comparison);

/// How every run is called in a table: by what tells it from the others.
std::vector<std::string> labels(const Comparison& comparison);
/// Its first lines: what the runs have in common.
std::string comparison_head(const Comparison& comparison);
/// Its last lines: how runs ended that were not done, and the result files.
std::string comparison_notes(const Comparison& comparison);
std::string outcome_name(Outcome outcome);

}  // namespace wpg
