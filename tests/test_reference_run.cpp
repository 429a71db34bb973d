#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "case_plan.hpp"
#include "oracles.hpp"
#include "scratch_file.hpp"
#include "wpg/error.hpp"
#include "wpg/exact.hpp"
#include "wpg/reduce.hpp"
#include "wpg/run_file.hpp"

using namespace wpg;
using namespace wpg::oracle;

namespace {

const std::string line_case =
    "[grid]\ncells = 96\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\n"
    "[initial]\ntype = gaussian\nmean = 1\ncovariance = 0.5\n[scheme]\nname = strang\ngamma = 0.1\nsteps = 4\n"
    "[reference]\nfokker-planck = true\n";

/// Keeps the rows.
struct Rows final : RunOutput {
  std::vector<std::vector<double>> rows;
  void write_snapshot(double, const Field&) override {}
  void append_diagnostics(double, std::span<const double> row) override { rows.emplace_back(row.begin(), row.end()); }
};

/// A diagnostic at every step of a case.
std::vector<double> series(const std::string& text, const std::string& name,
                           const std::vector<std::pair<std::string, std::string>>& overrides = {}) {
  CasePlan plan = plan_case(Config::parse(text, ".", overrides));
  const Index position = row_position(plan.run, name);
  REQUIRE(position >= 0);
  Rows output;
  run(plan.run, output);
  std::vector<double> values;
  for (const auto& row : output.rows) values.push_back(row[static_cast<std::size_t>(position)]);
  return values;
}

}  // namespace

TEST_CASE("a run is compared with the Fokker-Planck equation, in closed form or by finite volumes") {
  const std::vector<double> closed = series(line_case, "l1_reference");
  const std::vector<double> numerical = series(line_case, "l1_reference", {{"reference.gaussian", "false"}});
  REQUIRE(closed.size() == 5);
  CHECK(closed[0] < 1e-12);
  CHECK(numerical[0] == 0.0);
  // The error of Strang's splitting with this step is 6e-4; that of the finite volumes with h = 1/8 adds to it.
  for (std::size_t n = 1; n < 5; ++n) {
    CHECK(closed[n] < 2e-3);
    CHECK(numerical[n] < 6e-3);
    CHECK(closed[n] > 1e-6);
  }
}

TEST_CASE("the distances to the reference are those of the densities") {
  CasePlan plan = plan_case(Config::parse(line_case, "."));
  CHECK(dynamic_cast<OrnsteinUhlenbeckSolution*>(plan.reference.get()) != nullptr);
  Rows output;
  const RunResult result = run(plan.run, output);
  const exact::Normal law = exact::ornstein_uhlenbeck({Eigen::VectorXd::Ones(1), Eigen::MatrixXd::Constant(1, 1, 0.5)},
                                                      {Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)}, 0.4);
  const Field reference = gaussian_field(result.rho.grid, law);
  const auto at = [&](const std::string& name) {
    return result.last_row[static_cast<std::size_t>(row_position(plan.run, name))];
  };
  CHECK(at("l1_reference") == doctest::Approx(l1_distance(result.rho, reference)).epsilon(1e-9));
  const double square = (result.rho.values - reference.values).square().sum() * result.rho.grid.cell_volume();
  CHECK(at("l2_reference") == doctest::Approx(std::sqrt(square)).epsilon(1e-9));
  CHECK(at("kl_reference") == doctest::Approx(kullback_leibler(result.rho, reference)).epsilon(1e-6));
  CHECK_THROWS_AS(plan.reference->at(0.1), std::logic_error);
}

TEST_CASE("the closed form serves only where it holds") {
  const auto solution = [](const std::vector<std::pair<std::string, std::string>>& overrides) {
    return plan_case(Config::parse(line_case, ".", overrides)).reference->description();
  };
  CHECK(solution({}).find("closed form") != std::string::npos);
  // Another potential, a box that cuts the density, a domain that wraps.
  CHECK(
      solution({{"potential.type", "double-well"}, {"grid.upper", "3"}, {"grid.lower", "-3"}, {"scheme.gamma", "0.01"}})
          .find("finite volumes") != std::string::npos);
  CHECK(solution({{"grid.lower", "0"}}).find("finite volumes") != std::string::npos);
  CHECK(solution({{"potential.type", "none"}, {"grid.boundary", "periodic"}}).find("finite volumes") !=
        std::string::npos);
  CHECK(plan_case(Config::parse(line_case, ".", {{"reference.fokker-planck", "false"}})).reference == nullptr);
  CHECK_THROWS_AS(solution({{"reference.gaussian", "maybe"}}), UsageError);
  CHECK_THROWS_AS(solution({{"reference.substeps", "0"}}), UsageError);
}

TEST_CASE("the reference is written beside rho at the same times") {
  const ScratchFile ini("reference.ini", line_case + "gaussian = false\nsubsteps = 4\n[output]\nevery = 2\n");
  const std::string file = ini.path() + ".h5";
  const std::string command =
      std::string("'") + WPG_PROGRAM + "' run '" + ini.path() + "' --quiet --output.file '" + file + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  const RunFileReader reader(file);
  CHECK(reader.fields() == std::vector<std::string>{"rho", "reference"});
  REQUIRE(reader.times().size() == 3);
  Field rho = reader.snapshot(0, "reference");
  CHECK((rho.values == reader.snapshot(0).values).all());
  const oracle::QuadraticPotential V(point({0.0}), tensor({1.0}));
  FokkerPlanck solver(rho.grid, &V, 0.025);
  for (int k = 0; k < 4; ++k) solver.advance(rho, 0.1);
  CHECK((reader.snapshot(2, "reference").values / rho.values - 1.0).abs().maxCoeff() < 1e-9);
  const std::vector<double> l1 = reader.values("l1_reference");
  REQUIRE(l1.size() == 5);
  CHECK(l1[4] == doctest::Approx(l1_distance(reader.snapshot(2), reader.snapshot(2, "reference"))).epsilon(1e-9));
  std::filesystem::remove(file);
}
