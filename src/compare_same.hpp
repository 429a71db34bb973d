#pragma once
#include "wpg/config.hpp"
#include "wpg/problem.hpp"

namespace wpg {

/// UsageError, naming a key and both values, unless two cases have the same grid, initial density and target (or, where
/// there is none, energy). Densities are compared, not how they are written.
void require_same(const Config& a, const Problem& first, const Config& b, const Problem& second);
/// Whether a key is written alike in two cases.
bool same_text(const Config& a, const Config& b, const std::string& key);
/// The same error for keys that have to agree as they are written.
void require_same_text(const Config& a, const Config& b, const std::vector<std::string>& keys, const std::string& why);

}  // namespace wpg
