#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "wpg/exact.hpp"
#include "wpg/run_file.hpp"

using namespace wpg;

namespace {

/// The result file of a case of examples/langevin-bias, removed at the end.
class Run {
 public:
  explicit Run(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("wpg-bias-" + name + std::to_string(getpid()) + ".h5")) {
    const std::string command = std::string("'") + WPG_PROGRAM + "' run '" + WPG_SOURCE_DIR +
                                "/examples/langevin-bias/" + name + ".ini' --quiet --output.every 0 --output.file '" +
                                path_.string() + "'";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  ~Run() { std::filesystem::remove(path_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  std::vector<double> series(const std::string& name) const { return RunFileReader(path_.string()).values(name); }

 private:
  std::filesystem::path path_;
};

/// The density and its 10000 particles against the scheme's closed form, step by step.
void check_against_recursion(const Run& run, const std::string& scheme) {
  const exact::Quadratic V{Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)};
  exact::GaussianRecursion recursion(scheme, {Eigen::VectorXd::Constant(1, 4.0), Eigen::MatrixXd::Constant(1, 1, 0.5)},
                                     V, {0.4});
  const auto variance = run.series("covariance");
  const auto particle_mean = run.series("particle_mean");
  const auto particle_variance = run.series("particle_covariance");
  const auto distance = run.series("particle_w2_squared");
  REQUIRE(variance.size() == 21);
  for (std::size_t n = 0; n < variance.size(); ++n, recursion.advance()) {
    const double law = recursion.law().covariance(0, 0);
    CHECK(std::abs(variance[n] / law - 1.0) < 1e-5);
    // Four standard errors.
    CHECK(std::abs(particle_mean[n] - recursion.law().mean[0]) < 4.0 * std::sqrt(law / 10000.0));
    CHECK(std::abs(particle_variance[n] / law - 1.0) < 4.0 * std::sqrt(2.0 / 10000.0));
    // Of 10000 independent points; 3e-4 on average for N(0, 1).
    CHECK(distance[n] < 1.5e-3);
  }
}

}  // namespace

TEST_CASE("example: langevin-bias shows the bias of Langevin and none of forward-backward") {
  const Run langevin("run");
  const Run proximal("forward-backward");
  check_against_recursion(langevin, "forward-flow");
  check_against_recursion(proximal, "forward-backward");
  // The limits: variances 1/(1 - gamma/2) = 1.25 and 1.
  CHECK(std::abs(langevin.series("covariance").back() - 1.25) < 1e-5);
  CHECK(std::abs(langevin.series("kl").back() / 0.0134282 - 1.0) < 1e-4);
  CHECK(std::abs(proximal.series("covariance").back() - 1.0) < 1e-5);
  CHECK(proximal.series("kl").back() < 2e-8);
}
