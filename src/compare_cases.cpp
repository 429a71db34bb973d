#include "compare_cases.hpp"

#include <algorithm>

#include "case_plan.hpp"
#include "compare_same.hpp"
#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"

namespace wpg {
namespace {

void check_schemes(const std::vector<std::string>& schemes) {
  std::vector<std::string> known;
  for (const Entry& entry : registry("schemes")) known.push_back(entry.name);
  for (auto it = schemes.begin(); it != schemes.end(); ++it) {
    if (std::find(known.begin(), known.end(), *it) == known.end()) {
      throw UsageError("scheme.name: " + *it + " is no scheme" + did_you_mean(*it, known) +
                       " ('wpg list schemes' lists them)");
    }
    if (std::find(schemes.begin(), it, *it) != it) throw UsageError("scheme.name: " + *it + " is named twice");
  }
}

}  // namespace

Cases load_cases(const CompareRequest& request) {
  check_schemes(request.schemes);
  Cases cases;
  for (const LoadCase& load : request.cases) {
    Config config = load(request.schemes.empty() ? Overrides{} : Overrides{{"scheme.name", request.schemes.front()}});
    for (const char* key : {"product.file", "product.columns"}) {
      if (config.has(key)) config.reject(key, "left out for wpg compare: products are for wpg validate");
    }
    check_values(config);
    cases.problems.push_back(make_problem(config));
    cases.configs.push_back(std::move(config));
    const Config& first = cases.configs.front();
    require_same(first, cases.problems.front(), cases.configs.back(), cases.problems.back());
    require_same_text(first, cases.configs.back(), {"diagnostics.w2", "diagnostics.w2-epsilon"},
                      "W2 is measured in one way");
    if (first.has("observable.name") && same_text(first, cases.configs.back(), "observable.name")) {
      require_same_text(first, cases.configs.back(), {"observable.expression"}, "one name is one quantity");
    }
  }
  return cases;
}

}  // namespace wpg
