#pragma once
#include "validate_marginals.hpp"

namespace wpg {

/// Whether two marginals can be advanced together: the same grid and step, and a JKO step of the entropy at its end.
bool same_batch(const CasePlan& a, const CasePlan& b);

/// Runs up to `batch_size` cases, each with its own densities, potential and diagnostics. Where there are several, they
/// fit together (`same_batch`), and their JKO steps are solved as one, whose certificate all of them record.
std::vector<Recording> record_batch(const Config& config, std::vector<CasePlan> plans);

}  // namespace wpg
