#pragma once
#include <span>
#include <string>
#include <vector>

#include "wpg/config.hpp"
#include "wpg/problem.hpp"
#include "wpg/scheme.hpp"

namespace wpg {

/// Builds what a case names. Names that do not exist, keys that do not belong and values that do not fit are
/// UsageErrors; missing or malformed data are InputErrors.
Grid make_grid(const Config& config);
Problem make_problem(const Config& config);
Scheme make_scheme(const Config& config, const Problem& problem);
/// The keys of section [scheme] that the user wrote and the scheme does not read. UsageError where there is no scheme
/// of that name.
std::vector<std::string> unused_scheme_keys(const Config& config);

/// One thing that can be named in a case, for `wpg list`.
struct Entry {
  std::string name;
  std::string description;
};

/// The kinds of things: "schemes", "potentials", "initials", "kernels", ...
std::vector<std::string> registry_kinds();
std::vector<Entry> registry(const std::string& kind);

}  // namespace wpg
