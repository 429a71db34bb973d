#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "validate_print.hpp"
#include "validate_record.hpp"
#include "wpg/parallel.hpp"

using namespace wpg;

namespace {

constexpr int marginals = 27;  // three full batches and one that is not

/// Means, variances and precisions that differ between all marginals.
std::vector<Overrides> distinct_marginals() {
  std::vector<Overrides> all;
  for (int k = 0; k < marginals; ++k) {
    all.push_back({{"initial.mean", std::to_string(-1.0 + 0.1 * k)},
                   {"initial.covariance", std::to_string(0.5 + 0.05 * ((7 * k) % marginals))},
                   {"potential.precision", std::to_string(0.7 + 0.02 * ((11 * k) % marginals))}});
  }
  return all;
}

struct TemporaryFile {
  // Tests run side by side.
  std::string path =
      (std::filesystem::temp_directory_path() / ("wpg_marginals_" + std::to_string(getpid()) + ".csv")).string();
  ~TemporaryFile() { std::remove(path.c_str()); }
};

LoadCase load_case() {
  return [](const Overrides& overrides) {
    return Config::parse(
        "[grid]\ncells = 96\nlower = -7\nupper = 8\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\n"
        "[scheme]\ngamma = 0.2\nsteps = 6\n[jko]\ntolerance = 1e-10\n[diagnostics]\ntheory = true\n",
        ".", overrides);
  };
}

Overrides product_of(const std::string& path) {
  std::ofstream file(path);
  file << "initial.mean,initial.covariance,potential.precision\n";
  for (const Overrides& one : distinct_marginals()) {
    file << one[0].second << ',' << one[1].second << ',' << one[2].second << '\n';
  }
  return {{"product.file", path}, {"product.columns", "initial.mean initial.covariance potential.precision"}};
}

}  // namespace

TEST_CASE("marginals advanced in batches are those advanced one by one, for any number of threads") {
  const TemporaryFile file;
  const Overrides overrides = product_of(file.path);
  const Recording together = record(load_case(), overrides);
  CHECK(together.marginals == marginals);
  CHECK(together.distinct == marginals);
  Eigen::MatrixXd single = Eigen::MatrixXd::Zero(7, 4);
  const std::vector<std::string> names = {"w2_squared", "kl", "energy", "descent_right"};
  for (const Overrides& one : distinct_marginals()) {
    const Recording alone = record(load_case(), one);
    for (int k = 0; k < 4; ++k) single.col(k) += alone[names[static_cast<std::size_t>(k)]];
  }
  for (int k = 0; k < 4; ++k) {
    const Eigen::VectorXd sum = together[names[static_cast<std::size_t>(k)]];
    for (Index n = k == 3 ? 1 : 0; n < 7; ++n) {
      CAPTURE(names[static_cast<std::size_t>(k)]);
      // Either JKO step is certified to 1e-10 in L1; logarithms and distances in the sums weigh that by tens.
      CHECK(sum[n] == doctest::Approx(single(n, k)).epsilon(1e-7));
    }
  }
  const int before = threads();
  set_threads(before == 1 ? 2 : 1);
  const Recording again = record(load_case(), overrides);
  set_threads(before);
  for (const std::string& name : names) CHECK(again[name].tail(6) == together[name].tail(6));
}

TEST_CASE("a product is validated with its particles and the results of every marginal") {
  const TemporaryFile file;
  const Overrides overrides = product_of(file.path);
  const Validation v = validate([&](const Overrides& more) {
    Overrides all = more;
    all.insert(all.end(), overrides.begin(), overrides.end());
    all.emplace_back("product.particles", "4000");
    return load_case()(all);
  });
  CAPTURE(validation_text(v));
  CHECK(v.holds());
  REQUIRE(v.distances.has_value());
  const Distances& d = *v.distances;
  CHECK(d.dimension == marginals);
  REQUIRE(d.particles.size() == 7);
  for (std::size_t n = 0; n < 7; ++n) {
    // The particles are samples of the closed form's law: their mean errs by a few percent of its deviation.
    CHECK(d.particles[n] == doctest::Approx(d.closed_form[n]).epsilon(0.03));
    CHECK(d.grid[n] == doctest::Approx(d.closed_form[n]).epsilon(1e-3));
    CHECK(d.particles[n] < 1.03 * d.bound[n]);
  }
  REQUIRE(v.marginals.size() == marginals);
  double first = 0.0, last = 0.0;
  for (const MarginalResult& m : v.marginals) first += m.w2_first, last += m.w2_last;
  CHECK(first == doctest::Approx(d.grid.front()));
  CHECK(last == doctest::Approx(d.grid.back()));
  const auto json = nlohmann::json::parse(validation_json(v));
  CHECK(json.at("marginals").size() == marginals);
  CHECK(json.at("marginals")[1].at("initial.mean") == doctest::Approx(-0.9));
  CHECK(json.at("distances").at("particle_count") == 4000);
}

TEST_CASE("the distances of a product are written to one file when it is asked for") {
  const std::string path = "wpg_test_product.h5";
  const std::string command = std::string("'") + WPG_PROGRAM + "' validate '" + WPG_SOURCE_DIR +
                              "/examples/rates-1000d' --scheme.steps 2 --grid.cells 280 --product.particles 10 "
                              "--quiet --output.file " +
                              path;
  std::filesystem::remove(path);
  CHECK(std::system(command.c_str()) == 0);
  CHECK(std::filesystem::exists(path));
  CHECK(WEXITSTATUS(std::system((command + " --output.overwrite false 2>/dev/null").c_str())) == 74);
  const std::string read = "h5dump -n " + path + " > wpg_test_product.txt 2>/dev/null";
  if (std::system(read.c_str()) == 0) {
    std::ifstream listing("wpg_test_product.txt");
    const std::string text{std::istreambuf_iterator<char>(listing), {}};
    for (const char* name : {"/diagnostics/w2_squared", "/diagnostics/w2_squared_particles", "/marginals/w2_squared",
                             "/marginals/kl", "/marginals/copies", "/marginals/initial.mean", "/step"}) {
      CAPTURE(name);
      CHECK(text.find(name) != std::string::npos);
    }
  } else {
    MESSAGE("h5dump is missing: the file's contents were not looked at");
  }
  std::filesystem::remove("wpg_test_product.txt");
  std::filesystem::remove(path);
}
