#include "wpg/exact.hpp"

#include <doctest/doctest.h>

#include "oracles.hpp"
#include "wpg/error.hpp"

using namespace wpg;
using Matrix = Eigen::Matrix2d;

namespace {

const Matrix covariance_2d = (Matrix() << 1.3, 0.4, 0.4, 0.5).finished();
const Matrix precision_2d = (Matrix() << 0.9, -0.5, -0.5, 1.6).finished();
const Eigen::VectorXd mean_2d = Eigen::Vector2d(1.0, -2.0);
const Eigen::VectorXd center_2d = Eigen::Vector2d(0.3, 0.2);
const exact::Normal law_2d{mean_2d, covariance_2d};
const exact::Quadratic potential_2d{center_2d, precision_2d};

exact::Normal normal_1d(double mean, double variance) {
  return {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

exact::Quadratic quadratic_1d(double center, double lambda) {
  return {Eigen::VectorXd::Constant(1, center), Eigen::MatrixXd::Constant(1, 1, lambda)};
}

bool positive_definite_2d(const Matrix& a) { return a.trace() > 0.0 && oracle::determinant(a) > 0.0; }

double relative(const Matrix& a, const Matrix& b) { return (a - b).norm() / b.norm(); }

/// Variance of the entropic JKO step of H + V weighted by gamma, by scaling iterations on a dense 1D kernel.
double sinkhorn_variance(double a, double lambda, double gamma, double gamma_effective, double epsilon) {
  const Axis axis{301, -9.0, 9.0, Boundary::free};
  const Eigen::MatrixXd g = oracle::dense_gibbs(axis, epsilon);
  Eigen::ArrayXd x(axis.cells);
  for (Index i = 0; i < axis.cells; ++i) x[i] = axis.center(i);
  const Eigen::ArrayXd p = (-0.5 * x.square() / a).exp();
  const double kappa = gamma_effective / (gamma_effective + epsilon);
  const Eigen::ArrayXd drift = 0.5 * lambda * gamma / (gamma_effective + epsilon) * x.square();
  Eigen::ArrayXd log_v = Eigen::ArrayXd::Zero(axis.cells);
  Eigen::ArrayXd q;
  for (int k = 0; k < 150; ++k) {
    q = (g * (p / (g * log_v.exp().matrix()).array()).matrix()).array();
    log_v = -kappa * q.log() - drift;
  }
  const Eigen::ArrayXd rho = log_v.exp() * q;
  return (rho * x.square()).sum() / rho.sum();
}

/// The same scaling iterations on centred Gaussians, as matrices: u, v and the marginals are
/// exponentials of quadratic forms.
Matrix sinkhorn_covariance(const Matrix& a, const Matrix& lambda, double gamma, double gamma_effective,
                           double epsilon) {
  const Matrix one = Matrix::Identity(a.rows(), a.cols());
  const auto smooth = [&](const Matrix& form) -> Matrix { return form * oracle::inverse(one + epsilon * form); };
  const double kappa = gamma_effective / (gamma_effective + epsilon);
  Matrix v = Matrix::Zero(a.rows(), a.cols());
  Matrix q;
  for (int k = 0; k < 400; ++k) {
    q = smooth(oracle::inverse(a) - smooth(v));
    v = -kappa * q + gamma / (gamma_effective + epsilon) * lambda;
  }
  return oracle::inverse(v + q);
}

}  // namespace

TEST_CASE("entropic JKO step agrees with dense scaling iterations") {
  for (const double gamma_effective : {0.1, 0.3}) {
    for (const double epsilon : {0.08, 0.2}) {
      // Iterated to the contraction factor^150, at most 1e-15; the quadrature is spectral.
      CHECK(exact::entropic_jko_variance(0.6, gamma_effective, epsilon) ==
            doctest::Approx(sinkhorn_variance(0.6, 0.0, 0.0, gamma_effective, epsilon)).epsilon(1e-11));
      const auto law =
          exact::entropic_backward(normal_1d(0.0, 0.6), quadratic_1d(0.0, 1.7), 0.35, gamma_effective, epsilon);
      CHECK(law.covariance(0, 0) ==
            doctest::Approx(sinkhorn_variance(0.6, 1.7, 0.35, gamma_effective, epsilon)).epsilon(1e-11));
    }
  }
}

TEST_CASE("entropic steps with covariance and precision that do not commute") {
  const auto jko = exact::entropic_jko(law_2d, 0.3, 0.1);
  CHECK(relative(jko.covariance, sinkhorn_covariance(covariance_2d, precision_2d, 0.0, 0.3, 0.1)) < 1e-12);
  const auto backward = exact::entropic_backward(law_2d, potential_2d, 0.35, 0.3, 0.1);
  CHECK(relative(backward.covariance, sinkhorn_covariance(covariance_2d, precision_2d, 0.35, 0.3, 0.1)) < 1e-12);
  // The mean minimises gamma V + |x - mean|^2/2.
  const Eigen::VectorXd slope = 0.35 * precision_2d * (backward.mean - center_2d) + backward.mean - mean_2d;
  CHECK(slope.norm() < 1e-14);
}

TEST_CASE("exact proximal steps satisfy their optimality condition") {
  // The optimal map back to the start is the identity plus gamma times the gradient of the first variation.
  const double gamma = 0.4;
  const Matrix one = Matrix::Identity(2, 2);
  const auto jko = exact::jko(law_2d, gamma);
  const Matrix back = one - gamma * oracle::inverse(jko.covariance);
  CHECK(relative(back * jko.covariance * back, covariance_2d) < 1e-13);
  CHECK(positive_definite_2d(back));
  const auto backward = exact::backward(law_2d, potential_2d, gamma);
  const Matrix map = one + gamma * (precision_2d - oracle::inverse(backward.covariance));
  CHECK(relative(map * backward.covariance * map, covariance_2d) < 1e-13);
  CHECK(positive_definite_2d(map));
}

TEST_CASE("table of closed forms in one dimension") {
  const double a = 0.7;
  const double lambda = 1.4;
  const double gamma = 0.25;
  const auto law = normal_1d(2.0, a);
  const auto V = quadratic_1d(0.5, lambda);
  const double factor = 1.0 - gamma * lambda;
  const auto pushed = exact::pushforward(law, V, gamma);
  CHECK(pushed.covariance(0, 0) == doctest::Approx(factor * factor * a).epsilon(1e-14));
  CHECK(pushed.mean[0] == doctest::Approx(0.5 + factor * 1.5).epsilon(1e-14));
  CHECK(exact::forward_flow(law, V, gamma).covariance(0, 0) == doctest::Approx(factor * factor * a + 2.0 * gamma));
  const double stretch = 1.0 + gamma * (1.0 / a - lambda);
  CHECK(exact::forward(law, V, gamma).covariance(0, 0) == doctest::Approx(stretch * stretch * a).epsilon(1e-14));
  const double b = exact::backward(law, V, gamma).covariance(0, 0);
  const double c = 1.0 + gamma * lambda;
  CHECK(c * c * b * b - (2.0 * c * gamma + a) * b + gamma * gamma == doctest::Approx(0.0).epsilon(1e-14));
  CHECK(exact::jko_variance(0.25, 0.1) == doctest::Approx(0.426556).epsilon(1e-6));
}

TEST_CASE("forward-backward leaves the target alone, Langevin does not") {
  const exact::Normal target{center_2d, oracle::inverse(precision_2d)};
  const auto kept = exact::forward_backward(target, potential_2d, 0.3);
  CHECK(relative(kept.covariance, target.covariance) < 1e-14);
  CHECK(relative(exact::backward(target, potential_2d, 0.3).covariance, target.covariance) < 1e-14);
  CHECK(relative(exact::forward(target, potential_2d, 0.3).covariance, target.covariance) < 1e-14);
  CHECK(relative(exact::potential_of(target).precision, precision_2d) < 1e-14);
  exact::Normal law = target;
  for (int k = 0; k < 200; ++k) law = exact::forward_flow(law, potential_2d, 0.3);
  const Matrix half = Matrix::Identity(2, 2) - 0.15 * precision_2d;
  CHECK(relative(law.covariance, oracle::inverse(precision_2d * half)) < 1e-12);
}

TEST_CASE("compensation turns the entropic bias from first to second order") {
  std::vector<double> epsilon{0.04, 0.02, 0.01, 0.005};
  std::vector<double> with;
  std::vector<double> without;
  const Matrix target = exact::forward_backward(law_2d, potential_2d, 0.2).covariance;
  for (const double e : epsilon) {
    with.push_back(relative(exact::entropic_forward_backward(law_2d, potential_2d, 0.2, e).covariance, target));
    without.push_back(
        relative(exact::entropic_forward_backward(law_2d, potential_2d, 0.2, e, false).covariance, target));
  }
  CHECK(oracle::fitted_order(epsilon, with) == doctest::Approx(2.0).epsilon(0.02));
  CHECK(oracle::fitted_order(epsilon, without) == doctest::Approx(1.0).epsilon(0.05));
  const auto flow = exact::forward_flow(law_2d, potential_2d, 0.2);
  CHECK(relative(exact::entropic_forward_backward(law_2d, potential_2d, 0.2, 0.4).covariance, flow.covariance) < 1e-14);
}

TEST_CASE("Ornstein-Uhlenbeck agrees with Runge-Kutta integration of its moments") {
  const auto rate = [&](const Matrix& s) -> Matrix {
    return 2.0 * Matrix::Identity(2, 2) - precision_2d * s - s * precision_2d;
  };
  Matrix s = covariance_2d;
  Eigen::VectorXd d = mean_2d - center_2d;
  constexpr int steps = 400;
  const double dt = 0.9 / steps;
  for (int k = 0; k < steps; ++k) {
    const Matrix k1 = rate(s);
    const Matrix k2 = rate(s + 0.5 * dt * k1);
    const Matrix k3 = rate(s + 0.5 * dt * k2);
    const Matrix k4 = rate(s + dt * k3);
    s += dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    const Matrix a = dt * precision_2d;
    d = d - a * d + 0.5 * a * a * d - a * a * a * d / 6.0 + a * a * a * a * d / 24.0;
  }
  const auto law = exact::ornstein_uhlenbeck(law_2d, potential_2d, 0.9);
  CHECK(relative(law.covariance, s) < 1e-11);  // fourth order: (2e-3)^4
  CHECK((law.mean - center_2d - d).norm() < 1e-11);
  const exact::Quadratic flat{center_2d, Matrix::Zero(2, 2)};
  CHECK(relative(exact::ornstein_uhlenbeck(law_2d, flat, 0.9).covariance, exact::heat(law_2d, 0.9).covariance) < 1e-15);
}

TEST_CASE("Wasserstein distance between Gaussians") {
  const double deviation_a = 1.5;
  const double deviation_b = 0.4;
  const auto a = normal_1d(1.0, deviation_a * deviation_a);
  const auto b = normal_1d(3.0, deviation_b * deviation_b);
  CHECK(exact::w2_squared(a, b) == doctest::Approx(4.0 + 1.1 * 1.1).epsilon(1e-14));
  // The published experiment's starting distance.
  CHECK(exact::w2_squared(normal_1d(10.0, 100.0), normal_1d(0.0, 1.0)) == doctest::Approx(181.0).epsilon(1e-14));
  // The trace formula: the roots of the two eigenvalues of the (unsymmetric) product sum to sqrt(trace + 2 sqrt(det)).
  const exact::Normal c{center_2d, precision_2d};
  const Matrix product = covariance_2d * precision_2d;
  const double roots = std::sqrt(product.trace() + 2.0 * std::sqrt(oracle::determinant(product)));
  const double trace = covariance_2d.trace() + precision_2d.trace() - 2.0 * roots;
  CHECK(exact::w2_squared(law_2d, c) == doctest::Approx((mean_2d - center_2d).squaredNorm() + trace).epsilon(1e-13));
  CHECK(exact::w2_squared(c, law_2d) == doctest::Approx(exact::w2_squared(law_2d, c)).epsilon(1e-13));
  // Close laws keep their relative accuracy: the trace formula would give noise of 1e-16.
  const exact::Normal near{mean_2d, (1.0 + 1e-9) * covariance_2d};
  CHECK(exact::w2_squared(law_2d, near) == doctest::Approx(0.25e-18 * covariance_2d.trace()).epsilon(1e-5));
}

TEST_CASE("Kullback-Leibler divergence and entropy of Gaussians") {
  const exact::Normal b{center_2d, precision_2d};
  const Eigen::VectorXd gap = mean_2d - center_2d;
  const Matrix inverse = oracle::inverse(precision_2d);
  const double direct = 0.5 * ((inverse * covariance_2d).trace() - 2.0 + gap.dot(inverse * gap) +
                               std::log(oracle::determinant(precision_2d) / oracle::determinant(covariance_2d)));
  CHECK(exact::kullback_leibler(law_2d, b) == doctest::Approx(direct).epsilon(1e-13));
  // H + E_V - its minimum, for V whose target is b.
  const double energy = 0.5 * ((inverse * covariance_2d).trace() + gap.dot(inverse * gap));
  CHECK(exact::entropy(law_2d) + energy - exact::entropy(b) - 1.0 == doctest::Approx(direct).epsilon(1e-13));
  const exact::Normal near{mean_2d, (1.0 + 1e-6) * covariance_2d};
  // Two eigenvalues 1 + x: each adds (x^2/2 - x^3/3)/2; x itself is rounded to 1e-10 relative.
  CHECK(exact::kullback_leibler(near, law_2d) == doctest::Approx(0.5e-12).epsilon(1e-5));
}

TEST_CASE("closed forms refuse what is out of range") {
  const exact::Normal flat{mean_2d, Matrix::Ones(2, 2) - 0.5 * Matrix::Identity(2, 2)};
  CHECK_THROWS_AS(exact::jko(flat, 0.1), InvalidValue);
  CHECK_THROWS_AS(exact::jko(law_2d, 0.0), InvalidValue);
  CHECK_THROWS_AS(exact::pushforward(law_2d, potential_2d, std::nan("")), InvalidValue);
  CHECK_THROWS_AS(exact::entropic_jko(law_2d, 0.1, -1.0), InvalidValue);
  CHECK_THROWS_AS(exact::entropic_forward_backward(law_2d, potential_2d, 0.1, 0.3), InvalidValue);
  CHECK_THROWS_AS(exact::heat(law_2d, -1.0), InvalidValue);
  CHECK_THROWS_AS(exact::gaussian({Eigen::VectorXd::Zero(4), Eigen::MatrixXd::Identity(4, 4)}), InvalidValue);
}
