#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "validate_print.hpp"
#include "validate_record.hpp"
#include "wpg/diagnostics/fisher.hpp"
#include "wpg/initial.hpp"

using namespace wpg;

namespace {

LoadCase case_of(const std::string& text) {
  return [text](const Overrides& overrides) { return Config::parse(text, ".", overrides); };
}

std::string gaussian_case(const std::string& scheme, const std::string& more = "") {
  return "[grid]\ncells = 160\nlower = -7\nupper = 7\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\n"
         "mean = 1.2\ncovariance = 0.4\n[scheme]\nname = " +
         scheme + "\ngamma = 0.1\nsteps = 5\n[reference]\nfokker-planck = true\n" + more;
}

}  // namespace

TEST_CASE("w2_reference is the distance to the reference, and is measured when it is due") {
  // The law of forward-flow stays Gaussian, and so does the reference.
  const Recording run = record(case_of(gaussian_case("forward-flow", "[diagnostics]\nw2-every = 2\n")), {});
  REQUIRE(run.has("w2_reference"));
  const exact::Quadratic V{Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)};
  const exact::Normal start{Eigen::VectorXd::Constant(1, 1.2), Eigen::MatrixXd::Constant(1, 1, 0.4)};
  for (Index n = 0; n <= 5; ++n) {
    const double measured = run["w2_reference"][n];
    CAPTURE(n);
    if (n % 2 == 1) {
      CHECK(std::isnan(measured));
      continue;
    }
    const exact::Normal flow = exact::ornstein_uhlenbeck(start, V, 0.1 * static_cast<double>(n));
    // Both densities are on the grid with an error of order h^4 at most.
    CHECK(measured == doctest::Approx(std::sqrt(exact::w2_squared(run.exact[std::size_t(n)], flow))).epsilon(1e-4));
  }
}

TEST_CASE("w2_reference in the plane only where the Sinkhorn divergence is asked for") {
  const std::string text =
      "[grid]\ncells = 24 24\nlower = -4\nupper = 4\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\n"
      "mean = 0.6 0\ncovariance = 0.5\n[scheme]\nname = strang\ngamma = 0.2\nsteps = 2\n[reference]\n"
      "fokker-planck = true\n";
  CHECK_FALSE(record(case_of(text), {}).has("w2_reference"));
  const Recording run = record(case_of(text), {{"diagnostics.w2", "sinkhorn"}});
  REQUIRE(run.has("w2_reference"));
  // Strang's scheme is near; the divergence of near densities is of the size of its tolerance.
  CHECK(run["w2_reference"][2] < 0.02);
  REQUIRE(run.has("w2_marginal_error"));
  CHECK(run["w2_marginal_error"].maxCoeff() <= 1e-6);
}

TEST_CASE("orders in gamma against the Fokker-Planck reference: one, and two for strang") {
  for (const auto& [scheme, expected] : {std::pair("forward-backward", 1.0), std::pair("forward-flow", 1.0),
                                         std::pair("backward", 1.0), std::pair("strang", 2.0)}) {
    const Validation v = validate(case_of(gaussian_case(scheme)), 2);
    CAPTURE(validation_text(v));
    CHECK(v.holds());
    int tables = 0;
    for (const OrderTable& table : v.orders) {
      if (table.error.find("reference") == std::string::npos) continue;
      ++tables;
      CHECK(table.expected == std::to_string(static_cast<int>(expected)));
      REQUIRE(table.rows.size() == 3);
      CHECK(*table.rows.back().order > expected - 0.15);
      CHECK(*table.rows.back().order < expected + 0.15);
    }
    CHECK(tables == 2);
    REQUIRE(v.references.size() == 4);
    CHECK(v.references[0].series == "l1_reference");
    CHECK(v.references[0].largest >= v.references[0].last);
    CHECK(nlohmann::json::parse(validation_json(v)).at("references").size() == 4);
  }
}

TEST_CASE("the dissipation is that of the energy of the case") {
  // Attraction W = k |x|^2/2 of a Gaussian of variance s about its mean: dE/drho has the slope (k - 1/s)(x - m).
  const std::string text =
      "[grid]\ncells = 200\nlower = -7\nupper = 7\n[potential]\ntype = none\n[initial]\ntype = gaussian\nmean = 0.5\n"
      "covariance = 0.8\n[energy]\ntype = entropy\ninteraction = quadratic\nstrength = 2\n[scheme]\n"
      "name = forward-backward\ngamma = 0.005\nsteps = 2\n";
  const Recording run = record(case_of(text), {});
  CHECK_FALSE(run.has("fisher_information"));
  REQUIRE(run.has("dissipation"));
  const double slope = 2.0 - 1.0 / 0.8;
  CHECK(run["dissipation"][0] == doctest::Approx(slope * slope * 0.8).epsilon(1e-6));
  // What a short step loses of the energy, per time, is the dissipation to first order in gamma.
  CHECK(run["entropy_production"][1] == doctest::Approx(run["dissipation"].head(2).mean()).epsilon(0.02));
  const Eigen::VectorXd energy = run["energy"];
  CHECK(run["entropy_production"][2] == doctest::Approx((energy[1] - energy[2]) / 0.005).epsilon(1e-9));
}

TEST_CASE("the dissipation without an entropy: the slope of the attraction alone") {
  const std::string text =
      "[grid]\ncells = 200\nlower = -7\nupper = 7\n[potential]\ntype = none\n[initial]\ntype = gaussian\nmean = 0.5\n"
      "covariance = 0.8\n[energy]\ntype = none\ninteraction = quadratic\nstrength = 2\n[scheme]\n"
      "name = forward\ngamma = 0.01\nsteps = 1\n";
  // k^2 times the variance; means over faces keep sixth order.
  CHECK(record(case_of(text), {})["dissipation"][0] == doctest::Approx(4.0 * 0.8).epsilon(1e-5));
}

TEST_CASE("explicit steps divided into parts have no closed form") {
  const std::string text =
      "[grid]\ncells = 80\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\nmean = "
      "0.5\n"
      "covariance = 0.6\n[scheme]\nname = forward\ngamma = 0.05\nsteps = 2\n";
  const Validation v = validate(case_of(text));
  CAPTURE(validation_text(v));
  CHECK(v.holds());
  CHECK(v.skipped.front().reason.find("divided") != std::string::npos);
}

TEST_CASE("what the box cuts off and what transforms round is no violation, a box that is too small is") {
  const std::string text =
      "[grid]\ncells = 280\nlower = -60\nupper = 80\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\n"
      "mean = 10\ncovariance = 100\n[scheme]\nname = forward-flow\ngamma = 0.2\nsteps = 100\n";
  const Validation v = validate(case_of(text));
  CAPTURE(validation_text(v));
  CHECK(v.holds());
  const Validation cut = validate([&](const Overrides& overrides) {
    Overrides all = overrides;
    all.emplace_back("grid.lower", "-20");
    return Config::parse(text, ".", all);
  });
  CHECK_FALSE(cut.holds());
}
