#pragma once
#include <string>

#include "wpg/run_file.hpp"

namespace wpg {

/// What a result file holds, as text for a terminal: title, source, grid, snapshots and their times, fields, the first
/// and last value of every diagnostic (the counts of every name, for an enumeration), and the case.
std::string describe(const RunFileReader& file);

}  // namespace wpg
