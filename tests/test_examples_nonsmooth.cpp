#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "wpg/run_file.hpp"

// The examples of nonsmooth potentials and of singular kernels, run by the program itself.

namespace {

using namespace wpg;

/// The last row of a series, or the row `step`, of a finished run of examples/<name>.
class Finished {
 public:
  explicit Finished(const std::string& name, const std::string& overrides = "")
      : path_(std::filesystem::temp_directory_path() / ("wpg-" + name + "-" + std::to_string(getpid()) + ".h5")) {
    const std::string command = std::string("'") + WPG_PROGRAM + "' run '" + WPG_SOURCE_DIR + "/examples/" + name +
                                "' --quiet --output.every 0 --output.file '" + path_.string() + "' " + overrides;
    REQUIRE(std::system(command.c_str()) == 0);
  }
  ~Finished() { std::filesystem::remove(path_); }
  Finished(const Finished&) = delete;
  Finished& operator=(const Finished&) = delete;

  Eigen::VectorXd at(const std::string& series, Index step) const {
    const RunFileReader file(path_.string());
    const std::vector<double> values = file.values(series);
    const Index width = static_cast<Index>(values.size()) / static_cast<Index>(file.series_times().size());
    return Eigen::Map<const Eigen::VectorXd>(values.data() + step * width, width);
  }
  Field last() const {
    const RunFileReader file(path_.string());
    return file.snapshot(static_cast<Index>(file.times().size()) - 1, "rho");
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("example: lasso-prior has the moments of its posterior, by quadrature") {
  const Finished run("lasso-prior", "--grid.cells '72 65' --scheme.steps 60");
  const Eigen::VectorXd mean = run.at("mean", 60), covariance = run.at("covariance", 60);
  // Spacing 1/8, twice that of the example: the kink of F at the centres of a row is sampled to h^2.
  CHECK(std::abs(mean[0] + 3.0987465) < 8e-3);
  CHECK(std::abs(mean[1] - 0.4683308) < 1e-2);
  CHECK(std::abs(covariance[0] - 0.3986716) < 2e-3);
  CHECK(std::abs(covariance[1] - 0.1392363) < 2e-3);
  CHECK(std::abs(covariance[3] - 0.1954488) < 2e-3);
  CHECK(run.at("kl", 60)[0] < 2e-4);
  CHECK(std::abs(run.at("mass", 60)[0] - 1.0) < 1e-12);
}

TEST_CASE("example: lasso-prior without entropy collapses to the lasso estimate") {
  const Finished run("lasso-prior", "--energy.type none");
  const double h = 1.0 / 16.0;
  CHECK(std::abs(run.at("mean", 120)[0] + 3.4323994) < 0.05 * h);
  CHECK(std::abs(run.at("mean", 120)[1]) < 1e-12);
  CHECK(std::sqrt(run.at("covariance", 120)[0]) < 0.55 * h);
  // The objective's minimum; above it by the mass in the two nearest cells.
  CHECK(run.at("energy", 120)[0] > 26.4742506);
  CHECK(run.at("energy", 120)[0] < 26.4742506 + 0.5 * h * h);
  CHECK((run.last().values > 1e-6).count() == 2);
  CHECK(std::abs(run.at("mass", 120)[0] - 1.0) < 1e-12);
}

TEST_CASE("example: semicircle follows the variance of the random matrix and ends at Wigner's law") {
  const Finished run("semicircle");
  // Eigenvalues of exp(-t/2) A + (1 - exp(-t))^(1/2) G: variance 1 + (variance of A - 1) exp(-t). The core takes 0.8 %.
  const double start = run.at("covariance", 0)[0];
  for (const Index n : {5, 20, 40, 240}) {
    const double exact = 1.0 + (start - 1.0) * std::exp(-0.05 * static_cast<double>(n));
    CHECK(std::abs(run.at("covariance", n)[0] - exact) < 0.012);
  }
  CHECK(std::abs(run.at("energy", 240)[0] - 0.375) < 0.005);
  const Field end = run.last();
  for (Index i = 0; i < end.grid.size(); ++i) {
    const double x = end.grid.axis(0).center(i);
    if (std::abs(x) < 1.8) CHECK(std::abs(end.values[i] - std::sqrt(4.0 - x * x) / (2.0 * std::acos(-1.0))) < 0.006);
  }
}
