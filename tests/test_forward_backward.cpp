#include <doctest/doctest.h>

#include <cmath>

#include "jko_cases.hpp"
#include "oracles.hpp"
#include "wpg/exact.hpp"
#include "wpg/factory.hpp"
#include "wpg/kernel.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using namespace wpg::oracle;

namespace {

/// A case as a user writes it, and its scheme.
struct Case {
  explicit Case(const std::string& text)
      : config(Config::parse(text, ".")), problem(make_problem(config)), scheme(make_scheme(config, problem)) {}

  Config config;
  Problem problem;
  Scheme scheme;
};

std::string grid_text(const std::string& cells, double half_width) {
  const std::string end = std::to_string(half_width);
  return "[grid]\ncells = " + cells + "\nlower = -" + end + "\nupper = " + end + "\n";
}

std::string scheme_text(double gamma, const std::string& jko = "tolerance = 1e-8") {
  return "[scheme]\nname = forward-backward\ngamma = " + std::to_string(gamma) + "\nsteps = 1\n[jko]\n" + jko + "\n";
}

/// Largest errors against the closed-form recursion over some steps: of mean and covariance, relative to the law's
/// deviation and covariance, and of the density in L1.
struct Errors {
  double mean = 0.0, covariance = 0.0, l1 = 0.0;
};

Errors follow(Case& c, const exact::Quadratic& V, double gamma, int steps) {
  Field rho = c.problem.initial;
  exact::Normal law = exact::normal(*c.problem.gaussian_initial);
  Errors worst;
  for (int k = 0; k < steps; ++k) {
    CHECK(c.scheme.step(rho).jko.converged);
    law = exact::forward_backward(law, V, gamma);
    const double size = law.covariance.norm();
    worst.mean = std::max(worst.mean, (mean(rho) - law.mean).norm() / std::sqrt(size));
    worst.covariance = std::max(worst.covariance, (covariance(rho) - law.covariance).norm() / size);
    worst.l1 = std::max(worst.l1, l1_distance(rho, gaussian_field(rho.grid, law)));
  }
  return worst;
}

/// V = x^2/2 from N(1, 0.64) with gamma = 0.2: the smallest deviation on the way, that of the first nu, is 0.64.
Errors follow_line(Index cells) {
  Case c(grid_text(std::to_string(cells), 8.0) +
         "[potential]\ntype = quadratic\nmean = 0\nprecision = 1\n"
         "[initial]\ntype = gaussian\nmean = 1\ncovariance = 0.64\n" +
         scheme_text(0.2));
  return follow(c, {Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)}, 0.2, 12);
}

/// Precision and covariance that do not commute. The smallest deviation on the way is 0.65 or more: the smallest of the
/// initial covariance, 0.78, times 1 - gamma L = 0.85.
Errors follow_plane(Index cells) {
  Case c(grid_text(std::to_string(cells) + " " + std::to_string(cells), 7.5) +
         "[potential]\ntype = quadratic\nmean = 0.3 -0.2\nprecision = 1.2 0.3 0.3 0.9\n"
         "[initial]\ntype = gaussian\nmean = 0.6 -0.4\ncovariance = 1 -0.2 -0.2 0.7\n" +
         scheme_text(0.1));
  const exact::Quadratic V{Eigen::Vector2d(0.3, -0.2), (Eigen::Matrix2d() << 1.2, 0.3, 0.3, 0.9).finished()};
  return follow(c, V, 0.1, 3);
}

/// Change of KL to the target over 50 steps that start from it.
double drift_of_kl(const std::string& text) {
  Case c(text + "[initial]\ntype = gaussian\n");
  Field rho = *c.problem.target;
  double worst = 0.0;
  for (int k = 0; k < 50; ++k) {
    c.scheme.step(rho);
    worst = std::max(worst, kullback_leibler(rho, *c.problem.target));
  }
  return worst;
}

}  // namespace

TEST_CASE("forward-backward follows the Gaussian recursion in 1D, to order four in h with epsilon = h^2") {
  const wpg::test::OneThread one_thread;
  std::vector<double> h, covariances, l1s;
  for (const Index cells : {200, 280, 400}) {
    const Errors errors = follow_line(cells);
    // h = sigma/16
    if (cells == 400) {
      CHECK(errors.mean < 5e-5);
      CHECK(errors.covariance < 5e-5);
      CHECK(errors.l1 < 1e-4);
    }
    h.push_back(16.0 / static_cast<double>(cells));
    covariances.push_back(errors.covariance);
    l1s.push_back(errors.l1);
  }
  for (const std::vector<double>& errors : {covariances, l1s}) {
    CAPTURE(errors.back());
    CHECK(fitted_order(h, errors) > 3.5);
    CHECK(fitted_order(h, errors) < 4.5);
  }
}

TEST_CASE("forward-backward follows the full covariance of a Gaussian that does not commute with the target") {
  const wpg::test::OneThread one_thread;
  std::vector<double> h, errors;
  for (const Index cells : {180, 260, 370}) {
    const Errors worst = follow_plane(cells);
    // h = sigma/16
    if (cells == 370) {
      CHECK(worst.mean < 5e-5);
      CHECK(worst.covariance < 5e-5);
      CHECK(worst.l1 < 1e-4);
    }
    h.push_back(1.0 / static_cast<double>(cells));
    errors.push_back(worst.covariance);
  }
  CHECK(fitted_order(h, errors) > 3.5);
  CHECK(fitted_order(h, errors) < 4.5);
}

TEST_CASE("forward-backward is unbiased: the target stays where it is") {
  const wpg::test::OneThread one_thread;
  CHECK(drift_of_kl(grid_text("320", 6.0) + "[potential]\ntype = quadratic\nmean = 0.2\nprecision = 1\n" +
                    scheme_text(0.3)) < 1e-6);
  CHECK(drift_of_kl(grid_text("400", 4.0) + "[potential]\ntype = double-well\nwell = 2\nbarrier = 1.5\n" +
                    scheme_text(0.04)) < 1e-6);
}

TEST_CASE("a hundred steps keep mass to 1e-12 and every cell nonnegative, from a density with jumps") {
  const wpg::test::OneThread one_thread;
  Case c(grid_text("96 80", 4.0) +
         "[potential]\ntype = quadratic\nmean = 0\nprecision = 1 0.3 0.3 2\n"
         "[initial]\ntype = disc\ncenter = 0.5 0\nradius = 1.2\n" +
         scheme_text(0.2, "tolerance = 1e-6"));
  Field rho = c.problem.initial;
  for (int k = 0; k < 100; ++k) {
    c.scheme.step(rho);
    REQUIRE(rho.values.minCoeff() >= 0.0);
    REQUIRE(std::abs(integral(rho) - 1.0) < 1e-12);
  }
}

TEST_CASE(
    "at gamma/epsilon = 100 with densities down to e^-300 the log-domain kernels are right, a plain FFT refuses") {
  const auto text = [](const std::string& kernel) {
    // h = 0.07, epsilon = h^2 = gamma/102; the box ends at 25 deviations of the target, e^-312.
    return grid_text("714", 25.0) +
           "[potential]\ntype = quadratic\nmean = 0\nprecision = 1\n"
           "[initial]\ntype = gaussian\nmean = 0.5\ncovariance = 1.1\n" +
           scheme_text(0.5, "tolerance = 1e-9\nkernel = " + kernel);
  };
  for (const std::string kernel : {"truncated", "auto"}) {
    Case c(text(kernel));
    Field rho = c.problem.initial;
    exact::Normal law = exact::normal(*c.problem.gaussian_initial);
    for (int k = 0; k < 10; ++k) {
      c.scheme.step(rho);
      law = exact::forward_backward(law, {Eigen::VectorXd::Zero(1), Eigen::MatrixXd::Ones(1, 1)}, 0.5);
      REQUIRE(rho.values.allFinite());
      REQUIRE(rho.values.minCoeff() > 0.0);
    }
    CHECK(rho.values.minCoeff() < 1e-125);
    CHECK(covariance(rho)(0, 0) == doctest::Approx(law.covariance(0, 0)).epsilon(5e-5));
    CHECK(l1_distance(rho, gaussian_field(rho.grid, law)) < 1e-4);
  }
  Case plain(text("fft"));
  Field rho = plain.problem.initial;
  CHECK_THROWS_AS(plain.scheme.step(rho), KernelRangeError);
}
