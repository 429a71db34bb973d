#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "progress.hpp"
#include "wpg/error.hpp"
#include "wpg/run.hpp"

using namespace wpg;

namespace {

/// A stage that multiplies the density and reports what it is told.
class Scale final : public Stage {
 public:
  Scale(double factor, StepReport report) : factor_(factor), report_(std::move(report)) {}
  std::string_view name() const override { return "scale"; }
  void apply(Field& rho, StepReport& report) override {
    rho.values *= factor_;
    report = report_;
    ++report_.jko.iterations;
  }
  std::size_t memory() const override { return 1000; }

 private:
  double factor_;
  StepReport report_;
};

/// A stage that fails at its n-th application.
class Failing final : public Stage {
 public:
  explicit Failing(int at) : at_(at) {}
  std::string_view name() const override { return "failing"; }
  void apply(Field&, StepReport&) override {
    if (++count_ == at_) throw ConvergenceError("no progress");
  }

 private:
  int at_;
  int count_ = 0;
};

class Impossible final : public Stage {
 public:
  std::string_view name() const override { return "impossible"; }
  void apply(Field&, StepReport&) override { throw std::domain_error("no"); }
};

struct Memory final : RunOutput {
  std::vector<double> snapshots, rows;
  std::vector<double> masses;
  void write_snapshot(double time, const Field& rho) override {
    snapshots.push_back(time);
    masses.push_back(rho.values.sum() * rho.grid.cell_volume());
  }
  void append_diagnostics(double time, std::span<const double>) override { rows.push_back(time); }
};

RunPlan plan_of(std::unique_ptr<Stage> stage, Index steps, Index every) {
  const Grid grid({{8, 0.0, 1.0}});
  Problem problem{grid, nullptr, {}, Field(grid, Values::Ones(8)), std::nullopt, std::nullopt, std::nullopt};
  Scheme scheme{"fake", 0.5, {}};
  scheme.stages.push_back(std::move(stage));
  auto diagnostics = standard_diagnostics(problem, scheme);
  return {std::move(problem), std::move(scheme), std::move(diagnostics), steps, {every, steps}};
}

}  // namespace

TEST_CASE("a run records every step, writes snapshots on schedule and adds up the reports") {
  StepReport report;
  report.jko.converged = true;
  report.jko.iterations = 3;
  report.jko.kernel_applications = 8.0;
  report.jko.l1_bound = 2e-8;
  report.jko.mass_defect = -3e-15;
  report.jko.kernel = "fft";
  report.transport.clamped_mass = 0.5;
  RunPlan plan = plan_of(std::make_unique<Scale>(0.5, report), 5, 2);
  Memory memory;
  std::vector<Index> seen;
  RunHooks hooks;
  hooks.progress = [&](const StepView& view, std::span<const double> row) {
    seen.push_back(view.step);
    CHECK(row[static_cast<std::size_t>(row_position(plan, "mass"))] == std::pow(0.5, view.step));
  };
  const RunResult result = run(plan, memory, hooks);
  CHECK(memory.rows == std::vector<double>{0.0, 0.5, 1.0, 1.5, 2.0, 2.5});
  CHECK(memory.snapshots == std::vector<double>{0.0, 1.0, 2.0, 2.5});
  CHECK(seen == std::vector<Index>{0, 1, 2, 3, 4, 5});
  CHECK(result.steps == 5);
  CHECK_FALSE(result.stopped);
  CHECK(result.mass_drift == 1.0 - std::pow(0.5, 5));
  CHECK(result.totals.iterations.total == 3 + 4 + 5 + 6 + 7);
  CHECK(result.totals.iterations.least == 3);
  CHECK(result.totals.iterations.most == 7);
  CHECK(result.totals.kernel_applications.total == 40.0);
  CHECK(result.totals.clamped_mass == 2.5);
  CHECK(result.totals.largest_l1_bound == 2e-8);
  CHECK(result.totals.largest_mass_defect == 3e-15);
  CHECK(result.totals.kernels == std::vector<std::string>{"fft"});
  REQUIRE(result.phases.size() == 3);
  CHECK(result.phases[0].first == "scale");
  CHECK(row_position(plan, "none-such") == -1);
  CHECK(memory_estimate(plan) == 1000 + 4 * 64);
}

TEST_CASE("a run that is told to stop writes its last state and ends") {
  RunPlan plan = plan_of(std::make_unique<Scale>(1.0, StepReport{}), 100, 0);
  plan.stop_on_failure = false;
  Memory memory;
  int asked = 0;
  const RunResult result = run(plan, memory, {.stop = [&] { return ++asked == 3; }});
  CHECK(result.stopped);
  CHECK(result.steps == 3);
  CHECK(memory.snapshots == std::vector<double>{0.0, 1.5});
}

TEST_CASE("a step that does not converge ends the run, or is counted where that was asked for") {
  RunPlan failing = plan_of(std::make_unique<Failing>(3), 5, 1);
  Memory memory;
  CHECK_THROWS_WITH_AS(run(failing, memory), "step 3 of 5: no progress", ConvergenceError);
  CHECK(memory.snapshots == std::vector<double>{0.0, 0.5, 1.0});

  StepReport report;
  report.jko.iterations = 500;
  RunPlan strict = plan_of(std::make_unique<Scale>(1.0, report), 5, 1);
  CHECK_THROWS_AS(run(strict, memory), ConvergenceError);
  RunPlan lenient = plan_of(std::make_unique<Scale>(1.0, report), 5, 1);
  lenient.stop_on_failure = false;
  CHECK(run(lenient, memory).totals.unconverged == 5);
}

TEST_CASE("a case that cannot be stepped at all leaves nothing behind, one that does not converge its start") {
  RunPlan impossible = plan_of(std::make_unique<Impossible>(), 5, 1);
  Memory memory;
  CHECK_THROWS_AS(run(impossible, memory), std::domain_error);
  CHECK(memory.rows.empty());
  CHECK(memory.snapshots.empty());
  RunPlan failing = plan_of(std::make_unique<Failing>(1), 5, 1);
  CHECK_THROWS_AS(run(failing, memory), ConvergenceError);
  CHECK(memory.rows == std::vector<double>{0.0});
  CHECK(memory.snapshots == std::vector<double>{0.0});
}

TEST_CASE("a density that is not finite is a bug, not a result") {
  RunPlan plan = plan_of(std::make_unique<Scale>(std::numeric_limits<double>::quiet_NaN(), StepReport{}), 5, 1);
  plan.stop_on_failure = false;
  Memory memory;
  CHECK_THROWS_AS(run(plan, memory), std::runtime_error);
  CHECK(memory.snapshots == std::vector<double>{0.0});
}

TEST_CASE("progress is a bar at most ten times a second, or a line every ten seconds, or nothing") {
  double now = 0.0;
  const auto lines_of = [&](Progress::Style style, double pause) {
    std::ostringstream out;
    now = 0.0;
    Progress progress(out, style, 100, [&] { return now; });
    for (Index step = 0; step <= 100; ++step) {
      progress.report(step, "KL", 0.5);
      now += pause;
    }
    progress.clear();
    return out.str();
  };
  const std::string bar = lines_of(Progress::Style::bar, 0.03125);
  // 100 steps in 3.125 s: a redraw every fourth step, and the clearing at the end.
  CHECK(std::count(bar.begin(), bar.end(), '\r') == 26);
  CHECK(bar.find("step 4/100") != std::string::npos);
  CHECK(bar.find("3.0 s left, KL 0.5") != std::string::npos);
  const std::string lines = lines_of(Progress::Style::lines, 1.0);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 10);
  CHECK(lines.find("step 50/100, 50.0 s left, KL 0.5\n") != std::string::npos);
  CHECK(lines_of(Progress::Style::quiet, 1.0).empty());
}
