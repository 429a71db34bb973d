#include <cmath>

#include "admissible.hpp"
#include "dense_matrix.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/particles.hpp"

namespace wpg {
namespace {

/// Standard normal numbers, particle by particle.
Particles standard_normals(Index count, Index dimension, NormalNumbers& random) {
  if (count < 1) throw InvalidValue("count", std::to_string(count), "at least 1");
  Particles x(count, dimension);
  for (Index i = 0; i < count; ++i) {
    for (Index k = 0; k < dimension; ++k) x(i, k) = random();
  }
  return x;
}

/// x <- mean_after + matrix (x - mean_before) for every particle. Particles are independent of each other, so the bits
/// do not depend on threads.
void map_affinely(Particles& x, const Eigen::VectorXd& before, const Eigen::MatrixXd& matrix,
                  const Eigen::VectorXd& after) {
  parallel_for(x.rows(), [&](Index i) {
    Eigen::VectorXd from = x.row(i).transpose() - before;
    Eigen::VectorXd to = after;
    to.noalias() += matrix * from;
    x.row(i) = to.transpose();
  });
}

void require_below_inverse(double gamma, double largest) {
  if (gamma > 0.0 && std::isfinite(gamma) && gamma * largest < 1.0) return;
  throw InvalidValue("gamma", written(gamma), "positive and below 1/L = " + written(1.0 / largest));
}

template <class... Numbers>
void require_finite(const Numbers&... numbers) {
  if ((numbers.allFinite() && ...)) return;
  throw InvalidValue("law", "with numbers that are not finite", "finite, and so the potential");
}

void require_sizes(bool same, Index dimension) {
  if (!same || dimension < 1) {
    throw InvalidValue("dimension", std::to_string(dimension), "at least 1 and that of the potential");
  }
}

}  // namespace

Particles draw_particles(const exact::Normal& law, Index count, NormalNumbers& random) {
  const Index d = law.mean.size();
  require_sizes(law.covariance.rows() == d && law.covariance.cols() == d, d);
  const std::optional<Eigen::MatrixXd> root = cholesky_factor(law.covariance);
  if (!law.covariance.allFinite() || !root) {
    throw InvalidValue("covariance", d <= 3 ? written(Tensor(law.covariance)) : "a matrix that is not",
                       "symmetric and positive definite");
  }
  Particles x = standard_normals(count, d, random);
  map_affinely(x, Eigen::VectorXd::Zero(d), *root, law.mean);
  return x;
}

GaussianParticles::GaussianParticles(exact::Normal initial, exact::Quadratic V, double gamma, Index count,
                                     NormalNumbers& random)
    : law_(std::move(initial)), V_(std::move(V)), gamma_(gamma) {
  const Index d = law_.mean.size();
  require_sizes(V_.center.size() == d && V_.precision.rows() == d && V_.precision.cols() == d, d);
  require_finite(law_.mean, V_.center, V_.precision);
  require_below_inverse(gamma, eigenvalues_of(V_.precision)[d - 1]);
  points_ = draw_particles(law_, count, random);
}

void GaussianParticles::advance() {
  Eigen::MatrixXd forward = -gamma_ * V_.precision;
  forward.diagonal().array() += 1.0;
  const exact::Normal nu = exact::pushforward(law_, V_, gamma_);
  const Spectrum spectrum = spectrum_of(nu.covariance);
  Eigen::VectorXd variance = spectrum.values;
  Eigen::VectorXd stretch = spectrum.values;
  for (Index k = 0; k < variance.size(); ++k) {
    variance[k] = exact::jko_variance(spectrum.values[k], gamma_);
    stretch[k] = std::sqrt(variance[k] / spectrum.values[k]);
  }
  map_affinely(points_, law_.mean, product(with_eigenvalues(spectrum, stretch), forward), nu.mean);
  law_ = {nu.mean, with_eigenvalues(spectrum, variance)};
}

ProductParticles::ProductParticles(Marginals initial, Potential V, double gamma, Index count, NormalNumbers& random)
    : law_(std::move(initial)), V_(std::move(V)), gamma_(gamma) {
  const Index d = law_.mean.size();
  require_sizes(law_.variance.size() == d && V_.center.size() == d && V_.precision.size() == d, d);
  require_finite(law_.mean, V_.center, V_.precision);
  require_below_inverse(gamma, V_.precision.maxCoeff());
  for (Index k = 0; k < d; ++k) require_positive("covariance", law_.variance[k]);
  points_ = standard_normals(count, d, random);
  for (Index k = 0; k < d; ++k) {
    points_.col(k) = law_.mean[k] + (std::sqrt(law_.variance[k]) * points_.col(k)).array();
  }
}

void ProductParticles::advance() {
  const Marginals before = law_;
  Eigen::VectorXd slope(before.mean.size());
  for (Index k = 0; k < slope.size(); ++k) {
    const double forward = 1.0 - gamma_ * V_.precision[k];
    const double a = forward * forward * before.variance[k];
    law_.variance[k] = exact::jko_variance(a, gamma_);
    law_.mean[k] = before.mean[k] - gamma_ * V_.precision[k] * (before.mean[k] - V_.center[k]);
    slope[k] = forward * std::sqrt(law_.variance[k] / a);
  }
  parallel_for(slope.size(),
               [&](Index k) { points_.col(k) = law_.mean[k] + slope[k] * (points_.col(k).array() - before.mean[k]); });
}

}  // namespace wpg
