#pragma once
#include <span>
#include <string>

#include "wpg/config.hpp"
#include "wpg/problem.hpp"
#include "wpg/scheme.hpp"

namespace wpg {

/// Builds what a case names. Names that do not exist, keys that do not belong and values that do not fit are
/// UsageErrors; missing or malformed data are InputErrors.
Grid make_grid(const Config& config);
Problem make_problem(const Config& config);
Scheme make_scheme(const Config& config, const Problem& problem);

/// One thing that can be named in a case, for `wpg list`.
struct Entry {
  std::string name;
  std::string description;
};

/// The kinds of things: "schemes", "potentials", "initials", "kernels", ...
std::vector<std::string> registry_kinds();
std::vector<Entry> registry(const std::string& kind);

}  // namespace wpg
