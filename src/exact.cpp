#include "wpg/exact.hpp"

#include <cmath>
#include <numbers>
#include <sstream>
#include <string>

#include "dense_matrix.hpp"
#include "wpg/error.hpp"

namespace wpg::exact {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

void require(bool valid, const char* name, double value, const char* range) {
  if (valid && std::isfinite(value)) return;
  std::ostringstream given;
  given << value;
  throw InvalidValue(name, given.str(), range);
}

/// Eigenvalues and vectors of a matrix that has to be positive definite.
Spectrum positive_spectrum(const Matrix& a, const char* name) {
  require(a.size() > 0 && a.allFinite(), name, a.sum(), "a finite square matrix");
  Spectrum s = spectrum_of(a);
  require(s.values[0] > 0.0, name, s.values[0], "positive definite (the number is its smallest eigenvalue)");
  return s;
}

/// Q f(eigenvalues) Q^T.
template <class Function>
Matrix apply(const Spectrum& s, Function&& f) {
  Vector values = s.values;
  for (double& value : values) value = f(value);
  return with_eigenvalues(s, values);
}

/// I + t A.
Matrix identity_plus(double t, const Matrix& a) {
  Matrix sum = t * a;
  sum.diagonal().array() += 1.0;
  return sum;
}

/// A (law.mean - center).
Vector from_center(const Matrix& a, const Normal& law, const Vector& center) { return applied(a, law.mean - center); }

/// The law of center + A (X - center) for X of the law.
Normal scaled(const Normal& law, const Matrix& a, const Vector& center) {
  return {center + from_center(a, law, center), congruent(a, law.covariance)};
}

/// The image of the law under map, with its mean following -grad V.
Normal descended(const Normal& law, const Matrix& map, const Quadratic& V, double gamma) {
  return {law.mean - gamma * from_center(V.precision, law, V.center), congruent(map, law.covariance)};
}

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
  return descended(law, identity_plus(-gamma, V.precision), V, gamma);
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
  const Spectrum c = positive_spectrum(identity_plus(gamma, V.precision), "I + gamma precision");
  const Matrix root = apply(c, [](double x) { return 1.0 / std::sqrt(x); });
  const Normal inner{law.mean, congruent(root, law.covariance)};
  const Matrix y = entropic_jko(inner, gamma_effective, epsilon).covariance;
  const Matrix inverse = apply(c, [](double x) { return 1.0 / x; });
  return {V.center + from_center(inverse, law, V.center), congruent(root, y)};
}

Normal forward(const Normal& law, const Quadratic& V, double gamma) {
  check_gamma(gamma);
  const Spectrum s = positive_spectrum(law.covariance, "covariance");
  const Matrix slope = apply(s, [](double a) { return 1.0 / a; }) - V.precision;
  return descended(law, identity_plus(gamma, slope), V, gamma);
}

Normal drift(const Normal& law, const Quadratic& V, double t) {
  require(t >= 0.0, "t", t, "nonnegative and finite");
  const Matrix decay = apply(spectrum_of(V.precision), [&](double lambda) { return std::exp(-lambda * t); });
  return scaled(law, decay, V.center);
}

Normal ornstein_uhlenbeck(const Normal& law, const Quadratic& V, double t) {
  require(t >= 0.0, "t", t, "nonnegative and finite");
  const Spectrum s = spectrum_of(V.precision);
  const Matrix decay = apply(s, [&](double lambda) { return std::exp(-lambda * t); });
  const Matrix noise =
      apply(s, [&](double lambda) { return lambda == 0.0 ? 2.0 * t : -std::expm1(-2.0 * lambda * t) / lambda; });
  Normal moved = scaled(law, decay, V.center);
  moved.covariance += noise;
  return moved;
}

Normal heat(const Normal& law, double t) {
  require(t >= 0.0, "t", t, "nonnegative and finite");
  Normal wider = law;
  wider.covariance.diagonal().array() += 2.0 * t;
  return wider;
}

double w2_squared(const Normal& a, const Normal& b) {
  const Spectrum s = positive_spectrum(a.covariance, "covariance");
  const Matrix root = apply(s, [](double x) { return std::sqrt(x); });
  const Matrix unroot = apply(s, [](double x) { return 1.0 / std::sqrt(x); });
  const Spectrum middle = positive_spectrum(congruent(root, b.covariance), "covariance");
  const Matrix map = congruent(unroot, apply(middle, [](double x) { return std::sqrt(x); }));
  return (a.mean - b.mean).squaredNorm() + product(identity_plus(-1.0, map), root).squaredNorm();
}

double kullback_leibler(const Normal& a, const Normal& b) {
  const Spectrum s = positive_spectrum(b.covariance, "covariance");
  const Matrix unroot = apply(s, [](double x) { return 1.0 / std::sqrt(x); });
  const Vector relative = eigenvalues_of(congruent(unroot, a.covariance - b.covariance));
  require(relative[0] > -1.0, "covariance", relative[0] + 1.0, "positive definite");
  double excess = from_center(unroot, a, b.mean).squaredNorm();
  for (const double value : relative) excess += log_excess(value);
  return 0.5 * excess;
}

double entropy(const Normal& law) {
  const Spectrum s = positive_spectrum(law.covariance, "covariance");
  double log_volume = 0.0;
  for (const double value : s.values) log_volume += std::log(2.0 * std::numbers::pi * std::numbers::e * value);
  return -0.5 * log_volume;
}

}  // namespace wpg::exact
