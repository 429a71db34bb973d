#include "wpg/validate.hpp"

#include <algorithm>
#include <cmath>

#include "text.hpp"
#include "validate_checks.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

using Vector = Eigen::VectorXd;

/// Slope of log y over steps [first, last], as a factor per step.
double fitted_factor(const Vector& y, Index first, Index last) {
  const Index count = last - first + 1;
  const Eigen::ArrayXd n = Eigen::ArrayXd::LinSpaced(count, 0.0, static_cast<double>(count - 1));
  const Eigen::ArrayXd log = y.segment(first, count).array().log();
  const Eigen::ArrayXd centred = n - n.mean();
  return std::exp((centred * log).sum() / centred.square().sum());
}

/// The fit leaves out what is within a hundred times the discretization error, and what W2 was not measured for.
void add_contraction(Validation& result, const Pair& pair, const std::string& series) {
  if (!pair.run.has(series)) return;
  const Vector y = pair.run[series];
  const Vector error = difference(pair, series);
  Contraction fit{series};
  Index last = 0;
  while (last < y.size() && y[last] > 100.0 * error[last] && y[last] > 100.0 * validation_rounding) ++last;
  fit.last = last - 1;
  if (fit.last - fit.first < 2) return;
  fit.fitted = fitted_factor(y, fit.first, fit.last);
  if (series == "w2_squared" && pair.run.has("rate_right")) {
    fit.bound = 1.0 - pair.run.plan.run.scheme.time_step * pair.run.lambda;
  }
  const Vector& closed = series == "kl" ? pair.run.exact_kl : pair.run.exact_w2;
  if (closed.size() > 0) fit.closed_form = fitted_factor(closed, fit.first, fit.last);
  result.contractions.push_back(fit);
}

/// JKO steps are solved this much further than the case asks, so that what is left is the discretization error; those
/// of the many marginals of a product less far.
constexpr double further = 1e-3;
constexpr double further_in_products = 1e-1;

/// What every run of a validation records, stronger than the case; W2 in general where nothing cheaper measures it.
LoadCase recording_everything(const LoadCase& load) {
  const Config config = load({});
  const double share = config.has("product.file") ? further_in_products : further;
  const double tolerance = std::max(1e-12, share * config.positive("jko.tolerance"));
  Overrides always = {{"diagnostics.theory", "true"},
                      {"diagnostics.w2-every", "1"},
                      {"jko.tolerance", shortest(tolerance)},
                      {"jko.on-failure", "warn"}};
  if (!config.given("diagnostics.w2")) {
    const CasePlan probe = plan_case(config);
    const Problem& problem = probe.run.problem;
    const bool wanted = problem.target && row_position(probe.run, "w2_squared") < 0;
    if (wanted && problem.curvature.lambda >= 0.0) always.emplace_back("diagnostics.w2", "sinkhorn");
  }
  return [load, always](const Overrides& more) {
    Overrides all = more;
    all.insert(all.end(), always.begin(), always.end());
    return load(all);
  };
}

/// The second run: twice the spacing, or half where the case does not allow that.
Pair both_runs(const LoadCase& load, const Config& config) {
  Recording run = record(load, {});
  if (const auto coarse = with_cells(config, 1, 2)) {
    try {
      Recording other = record(load, *coarse);
      return {std::move(run), std::move(other), 1.0};
    } catch (const UsageError&) {  // too coarse for gamma: the finer run serves
    }
  }
  return {std::move(run), record(load, *with_cells(config, 2, 1)), 2.0};
}

}  // namespace

bool Validation::holds() const {
  return std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.holds; });
}

Validation validate(const LoadCase& load, int refine) {
  const LoadCase everything = recording_everything(load);
  const Config config = everything({});
  const bool writes = config.has("product.file") && config.given("output.file");
  if (writes) check_product_path(config);
  const Pair pair = both_runs(everything, config);
  Validation result;
  result.name = pair.run.plan.name;
  result.comparison = "h = " + shortest(pair.run.spacing()) + " against h = " + shortest(pair.other.spacing());
  if (pair.run.marginals > 1) {
    result.comparison += "; product of " + std::to_string(pair.run.marginals) + " marginals, " +
                         std::to_string(pair.run.distinct) + " distinct";
  }
  add_closed_form(result, pair);
  add_theory(result, pair, config);
  add_certificates(result, pair, load({}).positive("jko.tolerance"));
  add_contraction(result, pair, "w2_squared");
  add_contraction(result, pair, "kl");
  add_reference_distances(result, pair.run);
  if (pair.run.has("w2_squared")) result.distances = distances_of(pair.run, config);
  if (pair.run.parts) add_marginals(result, *pair.run.parts);
  if (writes) {
    result.file = config.text("output.file");
    write_product(result.file, pair.run, result.distances.value_or(Distances{}), config);
  }
  if (refine > 0) result.orders = order_tables(everything, pair.run, refine);
  return result;
}

}  // namespace wpg
