#include "wpg/exact.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <numbers>
#include <sstream>
#include <string>

#include "wpg/error.hpp"

namespace wpg::exact {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Spectrum = Eigen::SelfAdjointEigenSolver<Matrix>;

void require(bool valid, const char* name, double value, const char* range) {
  if (valid && std::isfinite(value)) return;
  std::ostringstream given;
  given << value;
  throw InvalidValue(name, given.str(), range);
}

/// Eigenvalues and vectors of a matrix that has to be positive definite.
Spectrum positive_spectrum(const Matrix& a, const char* name) {
  require(a.size() > 0 && a.allFinite(), name, a.sum(), "a finite square matrix");
  Spectrum s(a);
  require(s.eigenvalues()[0] > 0.0, name, s.eigenvalues()[0],
          "positive definite (the number is its smallest eigenvalue)");
  return s;
}

/// Q f(eigenvalues) Q^T.
template <class Function>
Matrix apply(const Spectrum& s, Function&& f) {
  const Vector values = s.eigenvalues().unaryExpr(f);
  return s.eigenvectors() * values.asDiagonal() * s.eigenvectors().transpose();
}

Matrix symmetric(const Matrix& a) { return 0.5 * (a + a.transpose()); }

Matrix identity_like(const Matrix& a) { return Matrix::Identity(a.rows(), a.cols()); }

/// x - log(1 + x) without cancellation near 0.
double log_excess(double x) {
  if (std::abs(x) > 1e-2) return x - std::log1p(x);
  double sum = 0.0;
  for (int k = 9; k >= 2; --k) sum = x * sum + (k % 2 == 0 ? 1.0 : -1.0) / k;
  return x * x * sum;
}

void check_gamma(double gamma) { require(gamma > 0.0, "gamma", gamma, "positive and finite"); }

}  // namespace

Normal normal(const Gaussian& gaussian) { return {gaussian.mean, gaussian.covariance}; }

Gaussian gaussian(const Normal& law) {
  require(law.mean.size() <= 3, "dimension", static_cast<double>(law.mean.size()), "at most 3");
  return {law.mean, law.covariance};
}

Quadratic potential_of(const Normal& law) {
  return {law.mean, apply(positive_spectrum(law.covariance, "covariance"), [](double a) { return 1.0 / a; })};
}

double jko_variance(double a, double gamma) { return entropic_jko_variance(a, gamma, 0.0); }

double entropic_jko_variance(double a, double gamma_effective, double epsilon) {
  require(a > 0.0, "variance", a, "positive and finite");
  require(gamma_effective >= 0.0, "gamma_effective", gamma_effective, "nonnegative and finite");
  require(epsilon >= 0.0, "epsilon", epsilon, "nonnegative and finite");
  // The discriminant (2g + s)^2 - 4 g (g + epsilon), s = a + epsilon, written without cancellation.
  const double s = a + epsilon;
  return 0.5 * (2.0 * gamma_effective + s + std::sqrt(s * s + 4.0 * gamma_effective * a));
}

Normal pushforward(const Normal& law, const Quadratic& V, double gamma) {
  check_gamma(gamma);
  const Matrix map = identity_like(V.precision) - gamma * V.precision;
  return {law.mean - gamma * V.precision * (law.mean - V.center), symmetric(map * law.covariance * map)};
}

Normal jko(const Normal& law, double gamma) {
  check_gamma(gamma);
  return entropic_jko(law, gamma, 0.0);
}

Normal entropic_jko(const Normal& law, double gamma_effective, double epsilon) {
  const auto step = [&](double a) { return entropic_jko_variance(a, gamma_effective, epsilon); };
  return {law.mean, apply(positive_spectrum(law.covariance, "covariance"), step)};
}

Normal forward_backward(const Normal& law, const Quadratic& V, double gamma) {
  return jko(pushforward(law, V, gamma), gamma);
}

Normal entropic_forward_backward(const Normal& law, const Quadratic& V, double gamma, double epsilon, bool compensate) {
  require(epsilon >= 0.0 && epsilon <= 2.0 * gamma, "epsilon", epsilon, "between 0 and 2 gamma");
  return entropic_jko(pushforward(law, V, gamma), compensate ? gamma - 0.5 * epsilon : gamma, epsilon);
}

Normal forward_flow(const Normal& law, const Quadratic& V, double gamma) {
  return heat(pushforward(law, V, gamma), gamma);
}

Normal strang(const Normal& law, const Quadratic& V, double gamma) {
  check_gamma(gamma);
  return heat(drift(heat(law, 0.5 * gamma), V, gamma), 0.5 * gamma);
}

Normal backward(const Normal& law, const Quadratic& V, double gamma) {
  return entropic_backward(law, V, gamma, gamma, 0.0);
}

Normal entropic_backward(const Normal& law, const Quadratic& V, double gamma, double gamma_effective, double epsilon) {
  check_gamma(gamma);
  const Spectrum c = positive_spectrum(identity_like(V.precision) + gamma * V.precision, "I + gamma precision");
  const Matrix root = apply(c, [](double x) { return 1.0 / std::sqrt(x); });
  const Normal scaled{law.mean, symmetric(root * law.covariance * root)};
  const Matrix y = entropic_jko(scaled, gamma_effective, epsilon).covariance;
  const Matrix inverse = apply(c, [](double x) { return 1.0 / x; });
  return {V.center + inverse * (law.mean - V.center), symmetric(root * y * root)};
}

Normal forward(const Normal& law, const Quadratic& V, double gamma) {
  check_gamma(gamma);
  const Spectrum s = positive_spectrum(law.covariance, "covariance");
  const Matrix map = identity_like(V.precision) + gamma * (apply(s, [](double a) { return 1.0 / a; }) - V.precision);
  return {law.mean - gamma * V.precision * (law.mean - V.center), symmetric(map * law.covariance * map)};
}

Normal drift(const Normal& law, const Quadratic& V, double t) {
  require(t >= 0.0, "t", t, "nonnegative and finite");
  const Matrix decay = apply(Spectrum(V.precision), [&](double lambda) { return std::exp(-lambda * t); });
  return {V.center + decay * (law.mean - V.center), symmetric(decay * law.covariance * decay)};
}

Normal ornstein_uhlenbeck(const Normal& law, const Quadratic& V, double t) {
  require(t >= 0.0, "t", t, "nonnegative and finite");
  const Spectrum s(V.precision);
  const Matrix decay = apply(s, [&](double lambda) { return std::exp(-lambda * t); });
  const Matrix noise =
      apply(s, [&](double lambda) { return lambda == 0.0 ? 2.0 * t : -std::expm1(-2.0 * lambda * t) / lambda; });
  return {V.center + decay * (law.mean - V.center), symmetric(decay * law.covariance * decay + noise)};
}

Normal heat(const Normal& law, double t) {
  require(t >= 0.0, "t", t, "nonnegative and finite");
  return {law.mean, law.covariance + 2.0 * t * identity_like(law.covariance)};
}

double w2_squared(const Normal& a, const Normal& b) {
  const Spectrum s = positive_spectrum(a.covariance, "covariance");
  const Matrix root = apply(s, [](double x) { return std::sqrt(x); });
  const Matrix unroot = apply(s, [](double x) { return 1.0 / std::sqrt(x); });
  const Spectrum middle = positive_spectrum(symmetric(root * b.covariance * root), "covariance");
  const Matrix map = unroot * apply(middle, [](double x) { return std::sqrt(x); }) * unroot;
  return (a.mean - b.mean).squaredNorm() + ((map - identity_like(map)) * root).squaredNorm();
}

double kullback_leibler(const Normal& a, const Normal& b) {
  const Spectrum s = positive_spectrum(b.covariance, "covariance");
  const Matrix unroot = apply(s, [](double x) { return 1.0 / std::sqrt(x); });
  const Matrix excess = unroot * (a.covariance - b.covariance) * unroot;
  const Spectrum relative(symmetric(excess));
  require(relative.eigenvalues()[0] > -1.0, "covariance", relative.eigenvalues()[0] + 1.0, "positive definite");
  return 0.5 * (relative.eigenvalues().unaryExpr(&log_excess).sum() + (unroot * (a.mean - b.mean)).squaredNorm());
}

double entropy(const Normal& law) {
  const Spectrum s = positive_spectrum(law.covariance, "covariance");
  const double log_volume = (2.0 * std::numbers::pi * std::numbers::e * s.eigenvalues().array()).log().sum();
  return -0.5 * log_volume;
}

}  // namespace wpg::exact
