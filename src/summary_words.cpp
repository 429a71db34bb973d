#include <functional>
#include <set>

#include "summary.hpp"
#include "text.hpp"

namespace wpg {
namespace {

/// One word per axis; only one where they agree and `merge` says so.
std::string per_axis(const Grid& grid, const std::string& separator, bool merge,
                     const std::function<std::string(const Axis&)>& word) {
  std::vector<std::string> words;
  for (const Axis& axis : grid.axes()) words.push_back(word(axis));
  const bool same = std::set<std::string>(words.begin(), words.end()).size() == 1;
  return merge && same ? words.front() : joined(words, separator);
}

}  // namespace

std::string boundary_name(Boundary boundary) {
  switch (boundary) {
    case Boundary::reflecting:
      return "reflecting";
    case Boundary::periodic:
      return "periodic";
    case Boundary::free:
      break;
  }
  return "free";
}

Index planned_snapshots(const CasePlan& plan) {
  Index count = 0;
  for (Index step = 0; step <= plan.run.steps; ++step) count += plan.run.snapshots.due(step) ? 1 : 0;
  return count;
}

std::size_t planned_memory(const CasePlan& plan) {
  const std::size_t field = static_cast<std::size_t>(plan.run.problem.grid.size()) * sizeof(double);
  return memory_estimate(plan.run) + plan.observables.size() * field + (plan.reference ? plan.reference->memory() : 0) +
         (plan.particles ? plan.particles->memory() + field : 0);
}

std::string grid_text(const Grid& grid) {
  return per_axis(grid, " x ", false, [](const Axis& a) { return std::to_string(a.cells); }) + " cells on " +
         per_axis(grid, " x ", false,
                  [](const Axis& a) { return "[" + shortest(a.lower) + ", " + shortest(a.upper) + "]"; }) +
         ", " + per_axis(grid, ", ", true, [](const Axis& a) { return boundary_name(a.boundary); }) +
         "; h = " + per_axis(grid, " x ", true, [](const Axis& a) { return shortest(a.spacing()); });
}

}  // namespace wpg
