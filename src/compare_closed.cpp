#include <cmath>

#include "compare_runs.hpp"
#include "wpg/diagnostics/closed_form.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

/// Steps after which a recursion that still moves is given up.
constexpr Index most_steps = 100000;
/// Relative change of a law in a step that is rounding.
constexpr double rest = 1e-14;

ClosedForm distances(const exact::Normal& law, const exact::Normal& target) {
  return {exact::kullback_leibler(law, target), exact::w2_squared(law, target)};
}

bool at_rest(const exact::Normal& before, const exact::Normal& after) {
  const double size = after.covariance.norm();
  return (after.covariance - before.covariance).norm() <= rest * size &&
         (after.mean - before.mean).norm() <= rest * std::sqrt(size);
}

std::optional<ClosedForm> limit(exact::GaussianRecursion recursion, const exact::Normal& target) {
  for (Index step = 0; step < most_steps; ++step) {
    const exact::Normal before = recursion.law();
    recursion.advance();
    if (at_rest(before, recursion.law())) return distances(recursion.law(), target);
  }
  return std::nullopt;
}

}  // namespace

void add_closed_forms(ComparedRun& run, const RunPlan& plan, const RunResult& result) {
  // The recursion takes an explicit step whole.
  if (!plan.problem.gaussian_target || result.totals.substeps.most > 1.0) return;
  auto recursion = closed_form(plan.problem, plan.scheme);
  if (!recursion) return;
  const exact::Normal target = exact::normal(*plan.problem.gaussian_target);
  try {
    for (Index n = 0; n < result.steps; ++n) recursion->advance();
    run.closed_form = distances(recursion->law(), target);
    run.stationary = limit(*recursion, target);
  } catch (const InvalidValue&) {
    // The recursion has left the Gaussians: there is no closed form.
    run.closed_form.reset();
  }
}

}  // namespace wpg
