#pragma once
#include <string>

#include "case_plan.hpp"

namespace wpg {

/// What a finished (or stopped) run prints, as text for a terminal and as one JSON object with the same content.
std::string summary_text(const CasePlan& plan, const RunResult& result);
std::string summary_json(const CasePlan& plan, const RunResult& result);

/// What a run would do: the resolved case, grid, curvature, memory and stages.
std::string plan_text(const CasePlan& plan, const std::string& config);
std::string plan_json(const CasePlan& plan, const std::string& config);

/// "256 x 128 cells on [-4, 4] x [-2, 2], reflecting; h = 0.03125".
std::string grid_text(const Grid& grid);
std::string boundary_name(Boundary boundary);
/// A resolved case (Config::json) as the text of a case file.
std::string config_text(const std::string& config);
/// How many snapshots a run writes if it is not stopped.
Index planned_snapshots(const CasePlan& plan);
/// Bytes of working memory, those of the observables included.
std::size_t planned_memory(const CasePlan& plan);

}  // namespace wpg
