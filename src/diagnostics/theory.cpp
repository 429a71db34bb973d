#include <cmath>

#include "text.hpp"
#include "wpg/diagnostics/theory.hpp"

namespace wpg {
namespace {

constexpr std::array<const char*, Theory::count> names = {"evi", "rate", "sublinear", "descent"};
constexpr std::array<const char*, Theory::count> statements = {
    "W2^2(mu_{n+1}) <= (1 - gamma lambda) W2^2(mu_n) - 2 gamma KL(mu_{n+1})",
    "W2^2(mu_n) <= (1 - gamma lambda)^n W2^2(mu_0)", "KL(mu_n) <= W2^2(mu_0)/(2 gamma n)",
    "G(mu_{n+1}) <= G(mu_n) - gamma (1 - L gamma/2) |grad V + grad log mu_{n+1} o X|^2"};

std::string convexity_lacking(double lambda) {
  return "lambda = " + shortest(lambda) + " < 0: V is not convex on the grid";
}

/// Why an inequality that needs W2 and convexity does not apply; empty if it does.
std::string convex_why_not(const Problem& problem, const TargetDistance& distance) {
  if (!problem.target) return "there is no target on this domain";
  if (!(problem.curvature.lambda >= 0.0)) return convexity_lacking(problem.curvature.lambda);
  return distance.available() ? "" : "W2 to the target is not measured: " + distance.method();
}

Diagnostic side(const std::shared_ptr<Theory>& theory, Theory::Kind kind, const std::string& which,
                double (*value)(const Sides&)) {
  return {
      std::string(Theory::name(kind)) + "_" + which,
      which + " of " + Theory::statement(kind),
      {},
      false,
      {},
      [theory, kind, value](const StepView& view, std::span<double> out) { out[0] = value((*theory)(kind, view)); }};
}

}  // namespace

const char* Theory::name(Kind kind) { return names[kind]; }
const char* Theory::statement(Kind kind) { return statements[kind]; }

Theory::Theory(const Problem& problem, double gamma, std::shared_ptr<const TargetDistance> distance,
               std::shared_ptr<const Integrator> integrator)
    : gamma_(gamma),
      curvature_(problem.curvature),
      distance_(std::move(distance)),
      integrator_(std::move(integrator)),
      term_(DescentTerm(problem, gamma)) {
  const std::string why = convex_why_not(problem, *distance_);
  why_not_[evi] = why_not_[rate] = why_not_[sublinear] = why;
  if (problem.nonsmooth && !std::isfinite(nonsmooth_field(problem.grid, *problem.nonsmooth).values.maxCoeff())) {
    why_not_[descent] = "the density of a constraint ends at walls, where its gradient is not measured";
  }
  if (why.empty() && !(curvature_.lambda > 0.0)) why_not_[rate] = "lambda = 0: the theory has no linear rate";
}

Sides Theory::operator()(Kind kind, const StepView& view) {
  if (view.step != now_.step) advance(view);
  return sides_[kind];
}

void Theory::advance(const StepView& view) {
  if (!view.integrals) view.integrals = (*integrator_)(view.rho);
  const State before = now_;
  const Integrals& i = *view.integrals;
  now_ = {view.step, (*distance_)(view), i.kl, i.energy()};
  sides_ = {};
  if (view.step == 0) first_w2_ = now_.w2;
  if (view.step > 0 && before.step == view.step - 1) compare(before, view.rho);
}

void Theory::compare(const State& before, const Field& rho) {
  const double contraction = 1.0 - gamma_ * curvature_.lambda;
  const auto n = static_cast<double>(now_.step);
  if (applies(evi)) sides_[evi] = {now_.w2, contraction * before.w2 - 2.0 * gamma_ * now_.kl};
  if (applies(rate)) sides_[rate] = {now_.w2, std::pow(contraction, n) * first_w2_};
  if (applies(sublinear)) sides_[sublinear] = {now_.kl, first_w2_ / (2.0 * gamma_ * n)};
  if (applies(descent)) {
    const double decrease = gamma_ * (1.0 - 0.5 * curvature_.L * gamma_) * (*term_)(rho);
    sides_[descent] = {now_.energy, before.energy - decrease};
  }
}

bool is_proximal_gradient(const Problem& problem, const Scheme& scheme) {
  if (!problem.energies.empty()) return false;
  const auto& stages = scheme.stages;
  const bool prox = !stages.empty() && stages.back()->name() == "jko";
  if (!problem.potential) return prox && stages.size() == 1;
  return prox && stages.size() == 2 && stages.front()->name() == "pushforward";
}

std::vector<Diagnostic> theory_diagnostics(const std::shared_ptr<Theory>& theory) {
  std::vector<Diagnostic> all;
  for (std::size_t k = 0; k < Theory::count; ++k) {
    const auto kind = static_cast<Theory::Kind>(k);
    if (!theory->applies(kind)) continue;
    all.push_back(side(theory, kind, "left", [](const Sides& s) { return s.left; }));
    all.push_back(side(theory, kind, "right", [](const Sides& s) { return s.right; }));
    all.push_back(side(theory, kind, "slack", [](const Sides& s) { return s.right - s.left; }));
  }
  return all;
}

}  // namespace wpg
