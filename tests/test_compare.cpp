#include "wpg/compare.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "compare_print.hpp"
#include "wpg/error.hpp"
#include "wpg/exact.hpp"
#include "wpg/run_file.hpp"

using namespace wpg;
namespace fs = std::filesystem;

namespace {

LoadCase case_of(const std::string& text) {
  return [text](const Overrides& overrides) { return Config::parse(text, ".", overrides); };
}

const std::string line_grid = "[grid]\ncells = 128\nlower = -7\nupper = 7\n";
const std::string quadratic = "[potential]\ntype = quadratic\n";
const std::string narrow = "[initial]\ntype = gaussian\nmean = 1.5\ncovariance = 0.5\n";

std::string scheme(const std::string& gamma, const std::string& steps, const std::string& more = "") {
  return "[scheme]\ngamma = " + gamma + "\nsteps = " + steps + "\n" + more;
}

/// A comparison carried out in a folder of its own, which goes with it.
struct Compared {
  Compared(std::vector<LoadCase> cases, std::vector<std::string> schemes, Index stop_after = -1)
      : folder(fs::temp_directory_path() / ("wpg-test-compare-" + std::to_string(::getpid()))),
        request{std::move(cases), std::move(schemes), (folder / "c").string()},
        result(plan_comparison(request)) {
    Index steps = 0;
    carry_out(request, result, [&](const ComparedRun&, const RunPlan&) {
      RunHooks hooks;
      hooks.stop = [&steps, stop_after] { return stop_after >= 0 && steps > stop_after; };
      hooks.progress = [&steps](const StepView&, std::span<const double>) { ++steps; };
      return hooks;
    });
  }
  ~Compared() { fs::remove_all(folder); }
  Compared(const Compared&) = delete;
  Compared& operator=(const Compared&) = delete;

  const ComparedRun& operator[](std::size_t k) const { return result.runs[k]; }

  fs::path folder;
  CompareRequest request;
  Comparison result;
};

/// The line of the error that planning ends in.
std::string refusal(std::vector<LoadCase> cases, std::vector<std::string> schemes = {}) {
  try {
    plan_comparison({std::move(cases), std::move(schemes)});
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("schemes side by side on a Gaussian case agree with their closed forms, and the bias shows") {
  const Compared c({case_of(line_grid + quadratic + narrow + scheme("0.2", "80"))},
                   {"forward-backward", "forward-flow", "backward", "strang"});
  CAPTURE(comparison_text(c.result));
  REQUIRE(c.result.runs.size() == 4);
  CHECK(c.result.steps == std::vector<Index>{1, 3, 10, 30, 80});
  CHECK(c.result.one_gamma);
  CHECK(contains(c.result.w2, "quantile functions"));
  for (std::size_t k = 0; k < 4; ++k) {
    const ComparedRun& run = c[k];
    CAPTURE(run.scheme);
    REQUIRE(run.outcome == Outcome::done);
    REQUIRE(run.closed_form.has_value());
    REQUIRE(run.stationary.has_value());
    // The grid's own error, h = 0.11 and epsilon = h^2: a relative variance of 3e-5 is a KL of 2e-10.
    CHECK(std::abs(run.states.back().values[0] - run.closed_form->kl) < 1e-6);
    CHECK(std::abs(run.states.back().values[1] - run.closed_form->w2_squared) < 1e-6);
    CHECK(run.seconds_per_step > 0.0);
  }
  // Unadjusted Langevin ends at the variance 1/(1 - gamma/2); the proximal schemes are unbiased.
  const double s = 1.0 / 0.9;
  CHECK(c[1].stationary->kl == doctest::Approx((s - 1.0 - std::log(s)) / 2.0).epsilon(1e-10));
  CHECK(c[1].stationary->w2_squared == doctest::Approx(std::pow(std::sqrt(s) - 1.0, 2)).epsilon(1e-10));
  CHECK(*c[1].covariance_error == doctest::Approx(s - 1.0).epsilon(1e-3));
  CHECK(c[0].stationary->kl < 1e-20);
  CHECK(c[2].stationary->kl < 1e-20);
  // Strang's splitting of the linear drift: variance gamma coth(gamma).
  CHECK(*c[3].covariance_error == doctest::Approx(0.2 / std::tanh(0.2) - 1.0).epsilon(1e-3));
  // A state between: forward-flow after three steps, by hand.
  exact::Normal law{Eigen::VectorXd::Constant(1, 1.5), Eigen::MatrixXd::Constant(1, 1, 0.5)};
  const exact::Normal target{Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Identity(1, 1)};
  for (int n = 0; n < 3; ++n) law = exact::forward_flow(law, exact::potential_of(target), 0.2);
  REQUIRE(c[1].at(3) != nullptr);
  CHECK(c[1].at(3)->values[0] == doctest::Approx(exact::kullback_leibler(law, target)).epsilon(1e-5));
  CHECK(c[1].at(3)->values[1] == doctest::Approx(exact::w2_squared(law, target)).epsilon(1e-5));
}

TEST_CASE("cases with different step sizes are compared at equal steps and at equal times, from their own files") {
  const Compared c({case_of(line_grid + quadratic + narrow + scheme("0.2", "20")),
                    case_of(line_grid + quadratic + narrow + scheme("0.1", "60"))},
                   {});
  CHECK(c.result.steps == std::vector<Index>{1, 3, 10, 20});
  CHECK(c.result.times.back() == doctest::Approx(4.0));
  CHECK_FALSE(c.result.one_gamma);
  CHECK(labels(c.result) == std::vector<std::string>{"case", "case-2"});
  for (const ComparedRun& run : c.result.runs) {
    const RunFileReader file(run.file);
    const std::vector<double> kl = file.values("kl"), w2 = file.values("w2_squared"), times = file.series_times();
    for (const Index step : c.result.steps) {
      REQUIRE(run.at(step) != nullptr);
      CHECK(run.at(step)->values[0] == kl[static_cast<std::size_t>(step)]);
      CHECK(run.at(step)->values[1] == w2[static_cast<std::size_t>(step)]);
    }
    for (const double time : c.result.times) {
      const ComparedState* state = run.at(run.step_at(time));
      REQUIRE(state != nullptr);
      CHECK(times[static_cast<std::size_t>(state->step)] == doctest::Approx(time).epsilon(1e-12));
    }
    CHECK(run.states.back().step == run.planned);
  }
  CHECK(contains(comparison_text(c.result), "time 0.2"));
}

TEST_CASE("a scheme that cannot take a case is refused, before or in its first step, and the others go on") {
  // 1/L = 1 refuses two at once; zeros of the density refuse the explicit step when it is tried.
  const Compared c(
      {case_of(line_grid + quadratic + "[initial]\ntype = box\nlower = -1\nupper = 2\n" + scheme("1.5", "4"))},
      {"forward-backward", "backward", "forward", "forward-flow"});
  CAPTURE(comparison_text(c.result));
  CHECK(c[0].outcome == Outcome::refused);
  CHECK(contains(c[0].reason, "below 1/L = 1"));
  CHECK(c[1].outcome == Outcome::done);
  CHECK(c[2].outcome == Outcome::refused);
  CHECK(c[2].steps == 0);
  CHECK_FALSE(c[2].reason.empty());
  CHECK(c[3].outcome == Outcome::refused);
  CHECK(fs::exists(c[1].file));
  for (const std::size_t k : {0, 2, 3}) CHECK_FALSE(fs::exists(c[k].file));
  CHECK(contains(comparison_text(c.result), "refused: " + c[2].reason));
  const auto json = nlohmann::json::parse(comparison_json(c.result));
  CHECK(json.at("runs")[2].at("outcome") == "refused");
  CHECK(json.at("runs")[1].at("end").at("step") == 4);
}

TEST_CASE("keys that another compared scheme reads are left to it; keys that none reads are refused") {
  const std::string text =
      line_grid + quadratic + narrow + scheme("0.2", "2", "bandwidth = 0.7\nkernel = inverse-multiquadric\n");
  const Compared c({case_of(text)}, {"svgd", "strang"});
  CHECK(c[0].outcome == Outcome::done);
  CHECK(c[1].outcome == Outcome::done);
  CHECK(contains(refusal({case_of(text)}, {"strang", "backward"}), "is not used by scheme.name = strang"));
}

TEST_CASE("a run whose solver stops short ends alone, and is told of with what it had") {
  const Compared c(
      {case_of(line_grid + quadratic + narrow + scheme("0.2", "3") + "[jko]\nmax-iterations = 1\ntolerance = 1e-12\n")},
      {"forward-backward", "forward-flow"});
  CHECK(c[0].outcome == Outcome::not_solved);
  CHECK(contains(c[0].reason, "step 1 of 3"));
  CHECK(c[0].steps == 0);
  CHECK(c[1].outcome == Outcome::done);
}

TEST_CASE("a stop ends the run after its step and leaves the others unmade") {
  const Compared c({case_of(line_grid + quadratic + narrow + scheme("0.2", "50"))}, {"forward-flow", "strang"}, 6);
  CHECK(c[0].outcome == Outcome::stopped);
  CHECK(c[0].steps == c[0].states.back().step);
  CHECK(c[0].steps < 10);
  CHECK(c[1].outcome == Outcome::planned);
  CHECK(contains(comparison_text(c.result), "not run"));
}

TEST_CASE("W2 is measured by moments where all stay Gaussian, by the Sinkhorn divergence elsewhere, at some steps") {
  const std::string plane = "[grid]\ncells = 32 32\nlower = -5\nupper = 5\n" + quadratic +
                            "[initial]\ntype = gaussian\nmean = 1 0\ncovariance = 0.5\n" + scheme("0.2", "5");
  CHECK(contains(plan_comparison({{case_of(plane)}, {"strang", "forward-flow"}}).w2, "mean and covariance"));
  // SVGD does not keep Gaussians: their moments would be a lower bound.
  const Compared c({case_of(plane)}, {"svgd", "strang"});
  CHECK(contains(c.result.w2, "Sinkhorn"));
  CHECK(c.result.steps == std::vector<Index>{1, 3, 5});
  for (const ComparedRun& run : c.result.runs) {
    const std::vector<double> w2 = RunFileReader(run.file).values("w2_squared");
    for (const std::size_t n : {0, 1, 3, 5}) CHECK(std::isfinite(w2[n]));
    for (const std::size_t n : {2, 4}) CHECK(std::isnan(w2[n]));
  }
  // Of the Gaussians: strang after three steps is within its error of second order of Ornstein-Uhlenbeck at 0.6.
  const double mean = std::exp(-0.6), deviation = std::sqrt(1.0 - 0.5 * std::exp(-1.2));
  CHECK(c[1].at(3)->values[1] == doctest::Approx(mean * mean + 2.0 * std::pow(deviation - 1.0, 2)).epsilon(0.02));
}

TEST_CASE("W2 is left out where the cases' own measures differ") {
  const std::string rest = "[initial]\ntype = gaussian\n" + scheme("0.2", "2") + "[diagnostics]\nw2 = auto\n";
  const std::string grid = "[grid]\ncells = 16 16\nlower = -5\nupper = 5\n";
  // The same potential, but only the first is known to be Gaussian.
  const Compared c(
      {case_of(grid + quadratic + rest), case_of(grid + "[potential]\ntype = expression\nV = (x^2 + y^2)/2\n" + rest)},
      {"backward"});
  CHECK(c.result.w2.empty());
  CHECK(c.result.quantities == std::vector<std::string>{"kl"});
  CHECK(c[0].outcome == Outcome::done);
  CHECK(c[1].outcome == Outcome::done);
  // Left to the comparison, it is measured for both.
  CHECK(contains(plan_comparison({{case_of(grid + quadratic + "[initial]\ntype = gaussian\n" + scheme("0.2", "2")),
                                   case_of(grid + "[potential]\ntype = expression\nV = (x^2 + y^2)/2\n" +
                                           "[initial]\ntype = gaussian\n" + scheme("0.2", "2"))},
                                  {"backward"}})
                     .w2,
                 "Sinkhorn"));
}

TEST_CASE("what all runs record beside is compared too: an observable, the distance to a reference") {
  const std::string text = line_grid + quadratic + narrow + scheme("0.2", "4") +
                           "[reference]\nfokker-planck = true\n[observable]\nname = right\nexpression = x > 0\n";
  const Compared c({case_of(text)}, {"strang", "forward-flow"});
  CHECK(c.result.quantities == std::vector<std::string>{"kl", "w2_squared", "l1_reference", "w2_reference", "right"});
  for (const std::size_t q : {2, 3}) CHECK(c[0].states.back().values[q] < 0.3 * c[1].states.back().values[q]);
  CHECK(c[0].states.back().values[4] == RunFileReader(c[0].file).values("right")[4]);
  CHECK(contains(comparison_text(c.result), "L1 to reference"));
  std::string other = text;
  other.replace(other.find("x > 0"), 5, "x > 1");
  CHECK(contains(refusal({case_of(text), case_of(other)}), "observable.expression: x > 0 in the first case, x > 1"));
}

TEST_CASE("flows without a target are compared by their energy") {
  const std::string text =
      line_grid + "[potential]\ntype = none\n" + narrow + "[energy]\ninteraction = quadratic\n" + scheme("0.05", "4");
  const Compared c({case_of(text)}, {"forward-backward", "forward"});
  CHECK(c.result.quantities == std::vector<std::string>{"energy"});
  CHECK(c.result.w2.empty());
  CHECK(c[0].states.back().values[0] == doctest::Approx(c[1].states.back().values[0]).epsilon(0.02));
  CHECK(contains(comparison_text(c.result), "not measured"));
}

TEST_CASE("cases that differ in grid, initial density, target or measure are one error with the key and both values") {
  const std::string base = line_grid + quadratic + narrow + scheme("0.2", "4");
  const auto other = [&](const std::string& from, const std::string& to) {
    std::string text = base;
    text.replace(text.find(from), from.size(), to);
    return refusal({case_of(base), case_of(text)});
  };
  CHECK(contains(other("128", "64"), "the cases differ in grid.cells: 128 in the first case, 64 in another"));
  CHECK(contains(other("upper = 7", "upper = 8"), "grid.upper: 7 in the first case, 8"));
  CHECK(contains(other("upper = 7", "upper = 7\nboundary = periodic"), "grid.boundary: reflecting"));
  CHECK(contains(other("mean = 1.5", "mean = 1.25"), "initial.mean: 1.5 in the first case, 1.25"));
  CHECK(contains(other("quadratic", "quadratic\nprecision = 2"), "potential.precision: 1 in the first case, 2"));
  CHECK(contains(other("gamma", "name = forward\ngamma") + "none", "none"));
  CHECK(contains(refusal({case_of(base), case_of(base + "[diagnostics]\nw2 = sinkhorn\n")}), "diagnostics.w2: auto"));
  // The same densities in other words are the same.
  CHECK(other("type = quadratic", "type = expression\nV = x^2/2").empty());
  CHECK(other("gamma = 0.2", "gamma = 0.1").empty());
}

TEST_CASE("names that are no schemes, twice named ones and values out of range are errors, not rows") {
  const std::string base = line_grid + quadratic + narrow + scheme("0.2", "4");
  CHECK(contains(refusal({case_of(base)}, {"strang", "foward"}), "foward is no scheme; did you mean forward?"));
  CHECK(contains(refusal({case_of(base)}, {"strang", "strang"}), "named twice"));
  CHECK(contains(refusal({case_of(base + "[jko]\ntolerance = 0\n")}, {"strang", "backward"}), "jko.tolerance = 0"));
  CHECK(contains(refusal({case_of(line_grid + quadratic + narrow + scheme("2", "4"))}), "below 1/L"));
}
