#include "jko/trust.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// A residual that turned round to more than half its size by a step was overshot, if it is not small anyway. Then the
/// preconditioner took the cell's conductivity too small: it is raised at once, and given back slowly.
constexpr double turned_residual = 0.03;
/// What lower_trust() asks for: below it acceleration cures a cell at less cost than new coefficients.
constexpr double far_turned_residual = 0.1;
constexpr double smallest_trust = 0.05;
constexpr double regained_trust = 1.05;

/// Small residuals, which most are, are told from `after` alone.
bool turned(double before, double after, double least) {
  return std::abs(after) > least && before * after < 0.0 && std::abs(after) > 0.5 * std::abs(before);
}

double lowered(double trust) { return std::max(0.5 * trust, smallest_trust); }

}  // namespace

void update_trust(const Values& before, const Values& after, Values& trust) {
  parallel_blocks(trust.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const bool overshot = turned(before[i], after[i], turned_residual);
      trust[i] = overshot ? lowered(trust[i]) : std::min(regained_trust * trust[i], 1.0);
    }
  });
}

bool lower_trust(const Values& before, const Values& after, Values& trust) {
  std::atomic<bool> any{false};
  parallel_blocks(trust.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      if (!turned(before[i], after[i], far_turned_residual)) continue;
      trust[i] = lowered(trust[i]);
      any = true;
    }
  });
  return any;
}

}  // namespace wpg
