#include "wpg/validate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "validate_print.hpp"

using namespace wpg;

namespace {

LoadCase case_of(const std::string& text) {
  return [text](const std::vector<std::pair<std::string, std::string>>& overrides) {
    return Config::parse(text, ".", overrides);
  };
}

std::string line(const std::string& potential, const std::string& box = "cells = 128\nlower = -7\nupper = 7\n",
                 const std::string& gamma = "0.2") {
  return "[grid]\n" + box + "[potential]\n" + potential +
         "[initial]\ntype = gaussian\nmean = 1.5\ncovariance = 0.5\n[scheme]\ngamma = " + gamma + "\nsteps = 12\n";
}

const Check* find(const Validation& v, const std::string& name) {
  const auto found = std::find_if(v.checks.begin(), v.checks.end(), [&](const Check& c) { return c.name == name; });
  return found == v.checks.end() ? nullptr : &*found;
}

std::string reason(const Validation& v, const std::string& name) {
  for (const SkippedCheck& s : v.skipped) {
    if (s.name == name) return s.reason;
  }
  return "";
}

}  // namespace

TEST_CASE("a Gaussian case holds against its closed form and the theory") {
  const Validation v = validate(case_of(line("type = quadratic\n")));
  CAPTURE(validation_text(v));
  CHECK(v.holds());
  CHECK(v.skipped.empty());
  for (const char* name : {"mean", "covariance", "w2", "evi", "rate", "sublinear", "descent", "mass"}) {
    CAPTURE(name);
    REQUIRE(find(v, name) != nullptr);
    CHECK(find(v, name)->holds);
    CHECK(find(v, name)->steps >= 12);
  }
  REQUIRE(v.contractions.size() == 2);
  const Contraction& w2 = v.contractions[0];
  REQUIRE(w2.bound.has_value());
  CHECK(*w2.bound == doctest::Approx(0.8));
  CHECK(w2.fitted < *w2.bound);
  // The fit to the grid's series agrees with that to the closed form's to the discretization error.
  CHECK(w2.fitted == doctest::Approx(*w2.closed_form).epsilon(1e-3));
}

TEST_CASE("a box that cuts the density off is a violation, whatever the spacing") {
  const Validation v = validate(case_of(line("type = quadratic\n", "cells = 64\nlower = -7\nupper = 1.5\n")));
  CAPTURE(validation_text(v));
  CHECK_FALSE(v.holds());
  CHECK_FALSE(find(v, "mean")->holds);
}

TEST_CASE("a potential that is not convex: what can be checked is, the rest is named") {
  const Validation v = validate(
      case_of(line("type = double-well\nwell = 2\nbarrier = 0.5\n", "cells = 96\nlower = -4.5\nupper = 4.5\n", "0.1")));
  CAPTURE(validation_text(v));
  CHECK(reason(v, "evi").find("not convex") != std::string::npos);
  CHECK_FALSE(reason(v, "closed form").empty());
  REQUIRE(find(v, "descent") != nullptr);
  CHECK(find(v, "descent")->holds);
  CHECK(v.holds());
}

TEST_CASE("a convex potential in two dimensions is measured by the Sinkhorn divergence") {
  const Validation v = validate(
      case_of("[grid]\ncells = 32 32\nlower = -4 -4\nupper = 4 4\n[potential]\ntype = expression\nV = x^2/2 + y^2 - "
              "0.3*cos(x)\n"
              "[initial]\ntype = gaussian\nmean = 0.8 -0.4\ncovariance = 0.5\n[scheme]\ngamma = 0.3\nsteps = 3\n"));
  CAPTURE(validation_text(v));
  REQUIRE(find(v, "evi") != nullptr);
  CHECK(find(v, "evi")->steps == 3);
  CHECK(find(v, "rate") != nullptr);
  CHECK(v.holds());
}

TEST_CASE("orders of convergence: four in h, one in gamma, two in epsilon") {
  const Validation v = validate(case_of(line("type = quadratic\n", "cells = 80\nlower = -7\nupper = 7\n")), 2);
  CAPTURE(validation_text(v));
  REQUIRE(v.orders.size() == 3);
  const std::vector<double> expected = {4.0, 1.0, 2.0};
  for (std::size_t k = 0; k < 3; ++k) {
    REQUIRE(v.orders[k].rows.size() == 3);
    CAPTURE(v.orders[k].parameter);
    CHECK(*v.orders[k].rows[2].order == doctest::Approx(expected[k]).epsilon(0.2));
  }
  const auto json = nlohmann::json::parse(validation_json(v));
  CHECK(json.at("holds") == true);
  CHECK(json.at("orders").size() == 3);
  CHECK(json.at("orders")[0].at("rows")[0].at("order").is_null());
}

TEST_CASE("a product adds its marginals up, and equal ones are computed once") {
  const std::string folder = std::string(WPG_SOURCE_DIR) + "/examples/rates-1000d";
  const auto product = [&](const std::string& file, const std::string& columns) {
    return validate([=](const std::vector<std::pair<std::string, std::string>>& overrides) {
      auto all = overrides;
      all.emplace_back("product.file", file);
      all.emplace_back("product.columns", columns);
      all.emplace_back("scheme.steps", "4");
      all.emplace_back("grid.cells", "280");
      return Config::load(folder, all);
    });
  };
  const Validation many = product("identical.csv", "initial.mean initial.covariance copies");
  CAPTURE(validation_text(many));
  CHECK(many.holds());
  CHECK(many.comparison.find("1000 marginals, 1 distinct") != std::string::npos);
  const Check& rate = *find(many, "rate");
  // W2^2 of one marginal after one step in closed form, and the theory's bound, a thousandfold.
  CHECK(rate.step == 1);
  CHECK(rate.left == doctest::Approx(113349.534).epsilon(1e-3));
  CHECK(rate.right == doctest::Approx(144800.0).epsilon(1e-3));
  REQUIRE(find(many, "w2") != nullptr);
  CHECK(find(many, "mean") == nullptr);
  CHECK_THROWS(product("identical.csv", "initial.mean scheme.gamma"));
  CHECK_THROWS(product("absent.csv", "initial.mean"));
}

TEST_CASE("marginals may differ") {
  const std::string file = std::string("'") + WPG_PROGRAM + "' validate '" + WPG_SOURCE_DIR +
                           "/examples/rates-1000d' --product.file different.csv --product.columns 'initial.mean "
                           "initial.covariance potential.precision copies' --scheme.steps 2 --grid.cells 280 --quiet";
  CHECK(std::system(file.c_str()) == 0);
}

TEST_CASE("example: logistic-rates holds against the theory") {
  const std::string program = std::string("'") + WPG_PROGRAM + "' validate '" + WPG_SOURCE_DIR +
                              "/examples/logistic-rates' --grid.cells '48 48' --scheme.steps 3 --quiet";
  CHECK(std::system(program.c_str()) == 0);
}

TEST_CASE("wpg validate exits with 75 when a check is violated, 64 for a bad --refine") {
  const std::string program = std::string("'") + WPG_PROGRAM + "' validate '" + WPG_SOURCE_DIR + "/examples/rates-1d' ";
  const std::string small = "--scheme.steps 3 --grid.cells 1120 --quiet ";
  CHECK(std::system((program + small).c_str()) == 0);
  CHECK(WEXITSTATUS(std::system((program + small + "--grid.upper 40").c_str())) == 75);
  const std::string product = std::string("'") + WPG_PROGRAM + "' run '" + WPG_SOURCE_DIR + "/examples/rates-1000d'";
  CHECK(WEXITSTATUS(std::system((product + " 2>/dev/null").c_str())) == 64);
  CHECK(WEXITSTATUS(std::system((program + "--refine 9 2>/dev/null").c_str())) == 64);
}
