#include "compare_points.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/compare.hpp"

namespace wpg {
namespace {

/// Decimal fractions that are multiples of each other differ by rounding from it.
constexpr double fraction_rounding = 1e-9;

/// Of the largest steps, that a common time is sought for.
constexpr Index longest_period = 10000;

bool all_meet(double time, const std::vector<Pace>& runs) {
  return std::all_of(runs.begin(), runs.end(), [&](const Pace& run) { return steps_to(time, run.gamma) > 0; });
}

}  // namespace

std::vector<Index> geometric_counts(Index last) {
  std::vector<Index> counts;
  for (Index decade = 1;; decade *= 10) {
    counts.push_back(decade);
    if (last < 100) counts.push_back(3 * decade);
    if (decade > last / 10) break;
  }
  // What is close to the end, or beyond it, gives way to the end.
  while (!counts.empty() && static_cast<double>(counts.back()) > static_cast<double>(last) / 1.5) counts.pop_back();
  counts.push_back(last);
  return counts;
}

Index steps_to(double time, double gamma) {
  const double steps = std::round(time / gamma);
  return std::abs(time / gamma - steps) <= fraction_rounding * std::max(1.0, steps) ? static_cast<Index>(steps) : -1;
}

std::vector<double> common_times(const std::vector<Pace>& runs) {
  if (runs.empty()) return {};
  const auto slower = [](const Pace& a, const Pace& b) { return a.gamma < b.gamma; };
  const double largest = std::max_element(runs.begin(), runs.end(), slower)->gamma;
  double end = HUGE_VAL;
  for (const Pace& run : runs) end = std::min(end, run.gamma * static_cast<double>(run.steps));
  const auto most = static_cast<Index>(end / largest * (1.0 + fraction_rounding));
  for (Index multiple = 1; multiple <= std::min(most, longest_period); ++multiple) {
    const double unit = static_cast<double>(multiple) * largest;
    if (!all_meet(unit, runs)) continue;
    std::vector<double> times;
    for (const Index count : geometric_counts(most / multiple)) times.push_back(static_cast<double>(count) * unit);
    return times;
  }
  return {};
}

const ComparedState* ComparedRun::at(Index step) const {
  const auto found = std::find_if(states.begin(), states.end(), [&](const ComparedState& s) { return s.step == step; });
  return found == states.end() ? nullptr : &*found;
}

Index ComparedRun::step_at(double time) const { return steps_to(time, gamma); }

}  // namespace wpg
