#include "validate_checks.hpp"

#include <algorithm>
#include <cmath>

#include "validate_errors.hpp"
#include "wpg/diagnostics/theory.hpp"

namespace wpg {
namespace {

using Vector = Eigen::VectorXd;

/// Left and right of every step, the estimate of the error of their difference, and a relative error beside it.
Check judge(const std::string& name, const std::string& statement, const Vector& left, const Vector& right,
            const Vector& error, const Vector& relative) {
  Check check{name, statement};
  double tightest = HUGE_VAL;
  for (Index n = 0; n < left.size(); ++n) {
    if (!std::isfinite(left[n]) || !std::isfinite(right[n])) continue;
    ++check.steps;
    const double slack = right[n] - left[n];
    const double size = std::abs(left[n]) + std::abs(right[n]);
    const double allowed =
        (std::isfinite(error[n]) ? error[n] : 0.0) + (validation_rounding + relative[n]) * (1.0 + size);
    check.holds = check.holds && slack >= -allowed;
    const double room = (slack + allowed) / (size + allowed);
    if (room >= tightest) continue;
    tightest = room;
    check.step = n;
    check.left = left[n];
    check.right = right[n];
    check.slack = slack;
    check.error = allowed;
  }
  return check;
}

/// Distance of a moment to the closed form, by step, against its change between the runs.
Check moment_check(const std::string& name, const std::string& statement, const Pair& pair, const std::string& series,
                   const std::function<Vector(const exact::Normal&)>& value,
                   const std::function<double(const exact::Normal&)>& scale, int power) {
  const Eigen::MatrixXd& here = pair.run.series.at(series);
  const Eigen::MatrixXd& there = pair.other.series.at(series);
  const Vector cut = cut_mass(pair.run) * std::pow(squared_width(pair.run.plan.run.problem.grid), 0.5 * power);
  Vector left(here.rows()), error(here.rows()), outside(here.rows());
  for (Index n = 0; n < here.rows(); ++n) {
    const exact::Normal& law = pair.run.exact[static_cast<std::size_t>(n)];
    left[n] = (here.row(n).transpose() - value(law)).norm() / scale(law);
    error[n] = pair.factor * (here.row(n) - there.row(n)).norm() / scale(law);
    outside[n] = cut[n] / scale(law);
  }
  return judge(name, statement, left, Vector::Zero(left.size()), spread(error) + outside, certified_error(pair));
}

void add_moments(Validation& result, const Pair& pair) {
  result.checks.push_back(moment_check(
      "mean", "distance of the mean to the closed form, in standard deviations, is 0", pair, "mean",
      [](const exact::Normal& law) { return law.mean; },
      [](const exact::Normal& law) { return std::sqrt(law.covariance.trace()); }, 1));
  result.checks.push_back(moment_check(
      "covariance", "relative distance of the covariance to the closed form is 0", pair, "covariance",
      [](const exact::Normal& law) { return Vector(law.covariance.reshaped()); },
      [](const exact::Normal& law) { return law.covariance.norm(); }, 2));
}

/// Why a run did not record an inequality whose own preconditions leave `why_not`.
std::string why_missing(const std::string& why_not, const Recording& run) {
  const RunPlan& plan = run.plan.run;
  if (!plan.problem.energies.empty()) return "proved for entropy and potential alone, without an [energy]";
  if (!is_proximal_gradient(plan.problem, plan.scheme)) {
    return "proved for forward-backward, not for " + plan.scheme.name;
  }
  return why_not.empty() ? "it does not apply to every marginal" : why_not;
}

std::string why_no_closed_form(const Recording& run) {
  if (run.has("substeps") && (run["substeps"].array() > static_cast<double>(run.marginals)).any()) {
    return "explicit steps were divided into parts, and the closed form is that of whole steps";
  }
  return "none for this potential, initial density and scheme";
}

}  // namespace

void add_closed_form(Validation& result, const Pair& pair) {
  const bool distance = pair.run.exact_w2.size() > 0 && pair.run.has("w2_squared");
  if (pair.run.exact.empty() && !distance) {
    result.skipped.push_back({"closed form", why_no_closed_form(pair.run)});
  }
  if (!pair.run.exact.empty()) add_moments(result, pair);
  if (!distance) return;
  const Vector left = (pair.run["w2_squared"] - pair.run.exact_w2).cwiseAbs();
  result.checks.push_back(judge("w2", "|W2^2(mu_n) - closed form| is 0", left, Vector::Zero(left.size()),
                                difference(pair, "w2_squared") + cut_error(pair.run), certified_error(pair)));
}

void add_theory(Validation& result, const Pair& pair, const Config& config) {
  const RunPlan& plan = pair.run.plan.run;
  const auto integrator = std::make_shared<const Integrator>(plan.problem);
  DiagnosticOptions options;
  if (config.text("diagnostics.w2") == "none" || !pair.run.has("w2_squared")) options.w2 = DistanceMethod::none;
  const auto distance = std::make_shared<const TargetDistance>(plan.problem, options, integrator);
  const Theory theory(plan.problem, plan.scheme.time_step, distance, integrator);
  for (std::size_t k = 0; k < Theory::count; ++k) {
    const auto kind = static_cast<Theory::Kind>(k);
    const std::string name = Theory::name(kind);
    if (!pair.run.has(name + "_slack")) {
      result.skipped.push_back({name, why_missing(theory.why_not(kind), pair.run)});
      continue;
    }
    const Check check = judge(name, Theory::statement(kind), pair.run[name + "_left"], pair.run[name + "_right"],
                              difference(pair, name + "_slack") + cut_error(pair.run), certified_error(pair));
    if (check.steps > 0) {
      result.checks.push_back(check);
    } else {
      result.skipped.push_back({name, "W2 could not be measured at any step"});
    }
  }
}

void add_certificates(Validation& result, const Pair& pair, double tolerance) {
  const Vector mass = pair.run["mass"];
  const Vector zero = Vector::Zero(mass.size());
  const Vector drift = (mass.array() / mass[0] - 1.0).abs();
  result.checks.push_back(judge("mass", "relative change of the mass is 0", drift, zero, zero, zero));
  if (pair.run.beyond.size() > 0) {
    const double most = most_beyond * static_cast<double>(pair.run.marginals);
    result.checks.push_back(judge("box", "mass of the closed form outside the box <= 1e-5, per marginal",
                                  pair.run.beyond, Vector::Constant(mass.size(), most), zero, zero));
  }
  if (pair.run.has("w2_marginal_error")) {
    result.checks.push_back(judge("sinkhorn", "error of the marginals behind W2 <= 1e-6", pair.run["w2_marginal_error"],
                                  Vector::Constant(mass.size(), TargetDistance::tolerance), zero, zero));
  }
  if (!pair.run.has("jko_l1_bound")) return;
  const Vector asked = Vector::Constant(mass.size(), tolerance * static_cast<double>(pair.run.marginals));
  result.checks.push_back(judge("jko", "certified L1 distance to the exact minimiser <= jko.tolerance",
                                pair.run["jko_l1_bound"], asked, zero, zero));
}

}  // namespace wpg
