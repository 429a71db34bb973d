#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "oracles.hpp"
#include "wpg/exact.hpp"
#include "wpg/problem.hpp"
#include "wpg/run_file.hpp"

// The examples, run by the program itself, on smaller grids than their own where noted. Their expected numbers come
// from closed forms and from independent computations (see each example's README.md).

namespace {

using namespace wpg;
using oracle::point;
using oracle::tensor;

/// A finished run of examples/<name>; its result file goes when it goes.
class Run {
 public:
  explicit Run(const std::string& name, const std::string& overrides = "")
      : path_(std::filesystem::temp_directory_path() / ("wpg-" + name + "-" + std::to_string(getpid()) + ".h5")) {
    const std::string command = std::string("'") + WPG_PROGRAM + "' run '" + WPG_SOURCE_DIR + "/examples/" + name +
                                "/run.ini' --quiet --output.file '" + path_.string() + "' " + overrides;
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
  }
  ~Run() { std::filesystem::remove(path_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Row `step` of a series of the file.
  Eigen::VectorXd at(const std::string& series, Index step) const {
    const RunFileReader file(path_.string());
    const std::vector<double> values = file.values(series);
    const auto rows = static_cast<Index>(file.series_times().size());
    REQUIRE(step < rows);
    const Index width = static_cast<Index>(values.size()) / rows;
    return Eigen::Map<const Eigen::VectorXd>(values.data() + step * width, width);
  }
  double number(const std::string& series, Index step) const { return at(series, step)[0]; }
  /// All numbers of a dataset of the file.
  std::vector<double> numbers(const std::string& dataset) const {
    return RunFileReader(path_.string()).numbers(dataset);
  }
  Field last(const std::string& field) const {
    const RunFileReader file(path_.string());
    return file.snapshot(static_cast<Index>(file.times().size()) - 1, field);
  }

 private:
  std::filesystem::path path_;
};

/// One step of the scheme for Gaussians, exact: a pushforward by an affine map, then the backward step of the entropy
/// on each eigenvalue of the covariance.
Gaussian exact_step(const Gaussian& rho, const Gaussian& target, double gamma) {
  Tensor map = -gamma * oracle::inverse(target.covariance);
  map.diagonal().array() += 1.0;
  const Tensor half = map * rho.covariance;
  const oracle::Eigensystem pushed(half * map);
  Eigen::VectorXd b = pushed.values;
  for (double& a : b) a = (2.0 * gamma + a + std::sqrt(a * a + 4.0 * gamma * a)) / 2.0;
  const Point from = rho.mean - target.mean;
  return {target.mean + map * from, pushed.with(b)};
}

/// Largest error of mean and covariance against the recursion over `steps` steps, relative to the size of the
/// covariance.
double worst_error(const Run& run, Gaussian rho, const Gaussian& target, double gamma, Index steps) {
  double worst = 0.0;
  for (Index n = 0; n <= steps; ++n) {
    const Eigen::VectorXd covariance = run.at("covariance", n);
    const double scale = rho.covariance.norm();
    const Eigen::VectorXd exact = Eigen::Map<const Eigen::VectorXd>(rho.covariance.data(), rho.covariance.size());
    worst = std::max(worst, (covariance - exact).norm() / scale);
    worst = std::max(worst, (run.at("mean", n) - rho.mean).norm() / std::sqrt(scale));
    rho = exact_step(rho, target, gamma);
  }
  return worst;
}

double relative_error(double value, double exact) { return std::abs(value / exact - 1.0); }

}  // namespace

TEST_CASE("example: gaussian-1d follows the closed form at every step") {
  const Run run("gaussian-1d", "--scheme.steps 40 --output.every 0");
  const Gaussian initial{point({10.0}), Tensor::Constant(1, 1, 100.0)};
  const Gaussian target{point({0.0}), Tensor::Constant(1, 1, 1.0)};
  // h = sigma/16.
  CHECK(worst_error(run, initial, target, 0.2, 40) < 5e-5);
  // KL between the Gaussians; the box cuts the wide one at seven of its deviations.
  CHECK(relative_error(run.number("kl", 0), 97.1974149) < 1e-7);
  CHECK(relative_error(run.number("kl", 10), 0.786777900) < 1e-5);
  CHECK(std::abs(run.number("mass", 40) - 1.0) < 1e-12);
}

TEST_CASE("example: wide-regularization follows the closed form with epsilon at every step, by tilted transforms") {
  const Run run("wide-regularization", "--output.every 0");
  double variance = 0.5;
  for (Index n = 1; n <= 40; ++n) {
    // gamma' = gamma - epsilon/2
    variance = exact::entropic_jko_variance(0.64 * variance, 0.2 - 0.01, 0.02);
    // The certificate's 1e-8 in L1, times squares of distances of some deviations.
    CHECK(std::abs(run.number("covariance", n) - variance) < 2e-7);
  }
  // The flag of tilted-fft.
  CHECK(run.number("jko_kernel", 40) == 2.0);
}

TEST_CASE("example: gaussian-2d follows the closed form at every step") {
  const Run run("gaussian-2d", "--grid.cells '128 128' --scheme.steps 20 --output.every 0");
  const Gaussian initial{point({-1.0, 1.0}), tensor({0.55, -0.35, -0.35, 0.55})};
  const Gaussian target{point({0.5, -0.5}), tensor({0.8, -0.4, -0.4, 1.2})};
  // The initial density's smallest deviation is 3.6 cells of this grid: the bias of epsilon = h^2 is 5e-4 there.
  CHECK(worst_error(run, initial, target, 0.2, 20) < 1e-3);
  CHECK(std::abs(run.number("mass", 20) - 1.0) < 1e-12);
}

TEST_CASE("example: oring-posterior agrees with quadrature to 1e-4") {
  const Run run("oring-posterior", "--output.every 0");
  const Eigen::VectorXd mean = run.at("mean", 140);
  const Eigen::VectorXd covariance = run.at("covariance", 140);
  // The bias of epsilon = h^2 at spacing 1/16 makes most of the error, 7e-5 in the variance of the intercept.
  const double tolerance = 1e-4;
  CHECK(relative_error(mean[0], -1.24198382) < tolerance);
  CHECK(relative_error(mean[1], -2.03024011) < tolerance);
  CHECK(relative_error(covariance[0], 0.39629783) < tolerance);
  CHECK(relative_error(covariance[1], 0.18506205) < tolerance);
  CHECK(relative_error(covariance[3], 0.80658167) < tolerance);
  CHECK(relative_error(run.number("failure_at_31F", 140), 0.98930879) < tolerance);
  // A relative error of 7e-5 in a variance is a KL of 1e-9.
  CHECK(run.number("kl", 140) < 1e-8);
}

TEST_CASE("example: old-faithful starts from the sample's moments and ends at the mixture's") {
  const Run run("old-faithful", "--grid.cells '120 160' --output.every 0");
  // A kernel density estimate has the sample's mean, and its covariance plus the squared bandwidths; the grid is fine
  // enough for both to rounding in the mean and to a few digits in the narrow kernels.
  const Eigen::VectorXd start = run.at("covariance", 0);
  CHECK(relative_error(run.at("mean", 0)[0], 3.48778309) < 1e-6);
  CHECK(relative_error(run.at("mean", 0)[1], 7.08970588) < 1e-6);
  CHECK(relative_error(start[0], 1.31233889) < 1e-5);
  CHECK(relative_error(start[1], 1.39264188) < 1e-5);
  CHECK(relative_error(start[3], 1.88143815) < 1e-5);
  // The groups hardly exchange mass in this time, and the spacing is a quarter of the narrowest deviation.
  const Eigen::VectorXd end = run.at("covariance", 40);
  CHECK(relative_error(end[0], 1.29889462) < 2e-3);
  CHECK(relative_error(end[1], 1.39331033) < 2e-3);
  CHECK(relative_error(end[3], 1.84175414) < 2e-3);
  CHECK(run.number("kl", 40) < 1e-5);
}

TEST_CASE("example: double-well crosses the barrier as an independent computation of the scheme does") {
  const Run run("double-well", "--scheme.steps 300 --output.every 0");
  // Masses on the line, Newton's method, extrapolated; its own error is 2e-5.
  CHECK(std::abs(run.number("mean", 75) + 1.24130) < 1e-4);
  CHECK(std::abs(run.number("mean", 150) + 0.80437) < 1e-4);
  CHECK(std::abs(run.number("mean", 300) + 0.33836) < 1e-4);
  CHECK(std::abs(run.number("covariance", 300) - 3.2268) < 3e-4);
  // Counted by masses: no better than one of them.
  CHECK(std::abs(run.number("crossed_mass", 300) - 0.408) < 5e-4);
}

TEST_CASE("example: ou-2d is of second order in gamma against the closed form") {
  const auto error = [](const std::string& gamma, Index steps) {
    const Run run("ou-2d", "--grid.cells '128 128' --output.every 0 --scheme.gamma " + gamma + " --scheme.steps " +
                               std::to_string(steps));
    CHECK(run.number("l1_reference", 0) < 1e-9);
    CHECK(std::abs(run.number("mass", steps) - 1.0) < 1e-12);
    return run.number("l1_reference", steps);
  };
  const double coarse = error("0.1", 10);
  const double fine = error("0.05", 20);
  CHECK(coarse / fine == doctest::Approx(4.0).epsilon(0.05));
  CHECK(fine < 3e-3);
}

TEST_CASE("example: double-well-fokker-planck stays near the Fokker-Planck equation, to first order in gamma") {
  const auto error = [](const std::string& gamma, Index steps) {
    const Run run("double-well-fokker-planck",
                  "--output.every 0 --scheme.gamma " + gamma + " --scheme.steps " + std::to_string(steps));
    // An independent computation of the equation has this mean, to a few 1e-5.
    const Field reference = run.last("reference");
    double mean = 0.0;
    for (Index i = 0; i < reference.grid.size(); ++i) mean += reference.grid.axis(0).center(i) * reference.values[i];
    CHECK(std::abs(mean * reference.grid.cell_volume() + 0.31999) < 1e-4);
    return run.number("l1_reference", steps);
  };
  const double coarse = error("0.04", 300);
  const double fine = error("0.02", 600);
  CHECK(coarse / fine == doctest::Approx(2.0).epsilon(0.03));
  CHECK(coarse < 1.1e-2);
}

TEST_CASE("example: backward-large-step follows the closed form far beyond 1/L") {
  const Run run("backward-large-step", "--grid.cells '96 120' --output.every 0");
  // The exact steps; the bias of epsilon = h^2, h = 0.15 against a narrowest deviation of 0.22, is 1e-4 of the largest.
  const Eigen::VectorXd first = run.at("covariance", 1);
  CHECK(std::abs(run.at("mean", 1)[0] - 0.9176829) < 1e-5);
  CHECK(std::abs(run.at("mean", 1)[1] - 0.1615854) < 1e-5);
  CHECK(std::abs(first[0] - 1.3624154) < 1e-4);
  CHECK(std::abs(first[1] - 0.2594158) < 1e-4);
  CHECK(std::abs(first[3] - 0.1018560) < 1e-4);
  CHECK(std::abs(run.at("covariance", 8)[0] - 1.9247274) < 1e-4);
  CHECK(std::abs(run.number("mass", 8) - 1.0) < 1e-12);
}

TEST_CASE("example: forward-descent divides its steps and follows Ornstein-Uhlenbeck to first order") {
  const Run run("forward-descent", "--output.every 0");
  for (const Index n : {10, 50, 150}) {
    const double t = 0.02 * static_cast<double>(n);
    CHECK(std::abs(run.at("mean", n)[0] - std::exp(-t)) < 1e-3);
    CHECK(std::abs(run.at("covariance", n)[0] - (1.0 - 0.75 * std::exp(-2.0 * t))) < 2e-3);
    CHECK(run.number("substeps", n) == 6.0);
  }
  CHECK(run.number("substeps", 1) > 6.0);
  CHECK(std::abs(run.number("mass", 150) - 1.0) < 1e-12);
}

TEST_CASE("example: svgd-banana approaches the target as its own grid says") {
  const Run run("svgd-banana", "--grid.cells '56 64' --scheme.steps 50 --output.every 0");
  // The limiters smear thin tails, which KL sees and moments do not; spacing 1/7.
  CHECK(relative_error(run.number("kl", 50), 0.0878812) < 0.15);
  CHECK(relative_error(run.at("covariance", 50)[3], 0.5123006) < 0.01);
  CHECK(std::abs(run.number("mass", 50) - 1.0) < 1e-12);
}

TEST_CASE("example: mmd-two-rings loses its discrepancy as its own grid says") {
  const Run run("mmd-two-rings", "--grid.cells '64 64' --scheme.steps 100 --output.every 0");
  CHECK(relative_error(run.number("half_mmd_squared", 0), 0.0871622) < 0.01);
  CHECK(relative_error(run.number("half_mmd_squared", 100), 0.0018378) < 0.05);
  CHECK(std::abs(run.number("mass", 100) - 1.0) < 1e-12);
}

TEST_CASE("example: network-regression loses its loss and records the fit") {
  const Run run("network-regression", "--grid.cells '32 32' --scheme.steps 100 --output.every 50");
  CHECK(relative_error(run.number("network_loss", 0), 0.0372840) < 1e-3);
  for (Index n = 0; n < 100; ++n) CHECK(run.number("network_loss", n + 1) < run.number("network_loss", n));
  // Half the cells of the example: its own grid says 0.000732, and a finer one 0.000684.
  CHECK(relative_error(run.number("network_loss", 100), 0.000859) < 0.01);
  CHECK(std::abs(run.number("mass", 100) - 1.0) < 1e-12);
  // The loss is that of the recorded curve.
  const std::vector<double> fit = run.numbers("network/fit"), truth = run.numbers("network/truth"),
                            weight = run.numbers("network/weight"), x = run.numbers("network/x");
  REQUIRE(fit.size() == 3 * 32);
  REQUIRE(x.size() == 32);
  double loss = 0.0;
  for (std::size_t p = 0; p < 32; ++p) loss += 0.5 * weight[p] * std::pow(fit[64 + p] - truth[p], 2);
  CHECK(relative_error(loss, run.number("network_loss", 100)) < 1e-12);
  CHECK(std::abs(x.front() + x.back()) < 1e-12);
}

TEST_CASE("example: mmd-noise reaches a far target, and without noise does not") {
  const std::string small = "--grid.cells 120 --scheme.steps 100 --output.every 0";
  {
    const Run noisy("mmd-noise", small);
    CHECK(relative_error(noisy.number("half_mmd_squared", 100), 0.0424299) < 1e-3);
    CHECK(relative_error(noisy.number("w2_squared", 100), 4.97567) < 1e-3);
    CHECK(std::abs(noisy.number("mass", 100) - 1.0) < 1e-12);
  }
  const Run plain("mmd-noise", small + " --scheme.noise 0");
  // The veil ends in a front, which spacing 1/5 sees less well.
  CHECK(relative_error(plain.number("half_mmd_squared", 100), 0.0317698) < 5e-3);
  CHECK(relative_error(plain.number("w2_squared", 100), 15.3904) < 5e-3);
}

TEST_CASE("example: aggregation-diffusion ends at the Gaussian about the mean") {
  const Run run("aggregation-diffusion", "--grid.cells '64 64' --output.every 0");
  const Eigen::VectorXd end = run.at("covariance", 40);
  // Spacing 0.14, twice that of the example: a bias of epsilon^2, 6e-4.
  CHECK(relative_error(end[0], 0.5) < 2e-3);
  CHECK(relative_error(end[3], 0.5) < 2e-3);
  CHECK(std::abs(end[1]) < 1e-5);
  CHECK(std::abs(run.at("mean", 40)[0] - 0.5) < 1e-4);
  CHECK(std::abs(run.number("mass", 40) - 1.0) < 1e-12);
}
