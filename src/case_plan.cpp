#include "case_plan.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "case_particles.hpp"
#include "case_reference.hpp"
#include "text.hpp"
#include "wpg/diagnostics/observable.hpp"
#include "wpg/error.hpp"
#include "wpg/expression.hpp"
#include "wpg/factory.hpp"

namespace wpg {
namespace {

void check_range(const Config& config, const std::string& key, double lowest, double highest,
                 const std::string& admissible) {
  const double value = config.number(key);
  if (!(value >= lowest && value <= highest)) config.reject(key, admissible);
}

/// "a, b or c".
std::string alternatives(const std::vector<std::string>& choices) {
  return joined(std::span(choices).first(choices.size() - 1), ", ") + (choices.size() > 1 ? " or " : "") +
         choices.back();
}

void check_choice(const Config& config, const std::string& key, const std::vector<std::string>& choices) {
  const std::string value = config.text(key);
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  config.reject(key, alternatives(choices) + did_you_mean(value, choices));
}

}  // namespace

void check_values(const Config& config) {
  config.positive("scheme.gamma");
  config.integer("scheme.steps", 1);
  check_choice(config, "jko.solver", {"entropic"});
  check_choice(config, "jko.kernel", {"auto", "fft", "truncated"});
  check_choice(config, "jko.on-failure", {"error", "warn"});
  check_range(config, "jko.tolerance", 1e-12, 1.0, "a number from 1e-12 to 1");
  config.flag("jko.compensate");
  config.integer("jko.max-iterations", 1);
  config.integer("output.every");
  config.flag("output.overwrite");
  if (config.integer("output.compression") > 9) config.reject("output.compression", "a whole number from 0 to 9");
  config.integer("run.seed");
}

namespace {

DiagnosticOptions diagnostic_options(const Config& config, const Problem& problem) {
  check_choice(config, "diagnostics.w2", {"auto", "none", "sinkhorn"});
  const std::string w2 = config.text("diagnostics.w2");
  DiagnosticOptions options;
  if (w2 == "none") options.w2 = DistanceMethod::none;
  if (w2 == "sinkhorn") options.w2 = DistanceMethod::sinkhorn;
  if (config.text("diagnostics.w2-epsilon") != "auto") {
    const double least = 0.3 * std::pow(problem.grid.largest_spacing(), 2);
    options.w2_epsilon = config.number("diagnostics.w2-epsilon");
    if (!(options.w2_epsilon >= least)) {
      config.reject("diagnostics.w2-epsilon", "auto or a number, at least 0.3 h^2 = " + shortest(least));
    }
  }
  options.w2_every = config.integer("diagnostics.w2-every");
  check_choice(config, "diagnostics.theory", {"auto", "true", "false"});
  const bool cheap = problem.grid.dimension() == 1 || (problem.gaussian_initial && problem.gaussian_target);
  options.theory = config.text("diagnostics.theory") == "auto" ? cheap : config.flag("diagnostics.theory");
  return options;
}

void add_observable(const Config& config, CasePlan& plan) {
  if (!config.has("observable.name") && !config.has("observable.expression")) return;
  const std::string name = config.text("observable.name");
  const std::string formula = config.text("observable.expression");
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
  if (!plain || std::isdigit(static_cast<unsigned char>(name[0])) != 0) {
    config.reject("observable.name", "letters, digits and underscores, a letter first");
  }
  if (row_position(plan.run, name) >= 0) config.reject("observable.name", "none of the names of other diagnostics");
  const Grid& grid = plan.run.problem.grid;
  try {
    const Expression expression("expression", formula, grid.dimension());
    plan.run.diagnostics.push_back(
        make_observable(name, formula, grid, [&](const Point& x) { return expression.value(x); }));
  } catch (const InvalidValue& error) {
    config.reject("observable.expression", error.admissible);
  }
  plan.observables.push_back(name);
}

}  // namespace

double checked_gamma(const Config& config, const Curvature& curvature) {
  const double gamma = config.positive("scheme.gamma");
  if (gamma * curvature.L < 1.0) return gamma;
  config.reject("scheme.gamma", "below 1/L = " + shortest(1.0 / curvature.L) + ", where L = " + shortest(curvature.L) +
                                    " is the largest eigenvalue of the Hessian of V on the grid");
}

double checked_epsilon(const Config& config, const Grid& grid, double gamma) {
  const double h2 = std::pow(grid.largest_spacing(), 2);
  const bool automatic = config.text("jko.epsilon") == "auto";
  const double epsilon = automatic ? std::min(h2, 1.9 * gamma) : config.number("jko.epsilon");
  if (epsilon >= 0.5 * h2 && epsilon <= 2.0 * gamma) return epsilon;
  const std::string least = "0.5 h^2 = " + shortest(0.5 * h2), most = "2 gamma = " + shortest(2.0 * gamma);
  if (0.5 * h2 <= 1.9 * gamma) config.reject("jko.epsilon", "auto or a number from " + least + " to " + most);
  config.reject("scheme.gamma", "at least " + shortest(0.5 * h2 / 1.9) + " on this grid, whose largest spacing is " +
                                    shortest(grid.largest_spacing()) +
                                    " (epsilon lies between 0.5 h^2 and 2 gamma), or the grid finer");
}

CasePlan plan_case(const Config& config, const std::vector<Index>& w2_steps) {
  const auto start = std::chrono::steady_clock::now();
  check_values(config);
  Problem problem = make_problem(config);
  Scheme scheme = make_scheme(config, problem);
  const double gamma = config.positive("scheme.gamma");
  const double epsilon = has_stage(scheme, "jko") ? checked_epsilon(config, problem.grid, gamma) : 0.0;
  DiagnosticOptions options = diagnostic_options(config, problem);
  options.w2_steps = w2_steps;
  std::vector<Diagnostic> diagnostics = standard_diagnostics(problem, scheme, options);
  const Index steps = config.integer("scheme.steps", 1);
  CasePlan plan{{std::move(problem),
                 std::move(scheme),
                 std::move(diagnostics),
                 steps,
                 {config.integer("output.every"), steps},
                 config.text("jko.on-failure") == "error"},
                config.name(),
                config.text("potential.type"),
                config.text("initial.type"),
                config.has("output.file") ? config.text("output.file") : "output/" + config.name() + ".h5",
                {},
                nullptr,
                nullptr,
                0,
                gamma,
                epsilon};
  add_reference(config, options, plan);
  add_particles(config, plan);
  add_observable(config, plan);
  plan.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return plan;
}

}  // namespace wpg
