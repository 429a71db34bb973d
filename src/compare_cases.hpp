#pragma once
#include "wpg/compare.hpp"
#include "wpg/config.hpp"

namespace wpg {

/// The cases with their problems; the first is what the others are held to.
struct Cases {
  std::vector<Config> configs;
  std::vector<Problem> problems;
};

/// Loads and checks the cases (the first scheme stands for all) and the names of the schemes. UsageError where cases do
/// not belong together; else as making their problems does.
Cases load_cases(const CompareRequest& request);

}  // namespace wpg
