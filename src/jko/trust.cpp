#include "jko/trust.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// A residual that turned round to more than half its size by a step was overshot, if it is not small anyway. Then the
/// preconditioner took the cell's conductivity too small: it is raised at once, and given back slowly.
constexpr double turned_residual = 0.03;
constexpr double smallest_trust = 0.05;
constexpr double regained_trust = 1.05;

}  // namespace

void update_trust(const Values& before, const Values& after, Values& trust) {
  parallel_blocks(trust.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const double size = std::abs(after[i]);
      const bool turned = before[i] * after[i] < 0.0 && size > turned_residual && size > 0.5 * std::abs(before[i]);
      trust[i] = turned ? std::max(0.5 * trust[i], smallest_trust) : std::min(regained_trust * trust[i], 1.0);
    }
  });
}

}  // namespace wpg
