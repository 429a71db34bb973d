#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>

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
  std::string path = "wpg_test_marginals.csv";
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
