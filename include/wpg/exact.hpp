#pragma once
#include <Eigen/Core>
#include <functional>
#include <string>

#include "wpg/problem.hpp"

/// Closed forms for Gaussians and quadratic potentials, in any dimension. Every function throws InvalidValue for a
/// step size, epsilon or time out of range, and for a covariance that is not positive definite.
namespace wpg::exact {

/// A Gaussian law N(mean, covariance) of any dimension.
struct Normal {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

Normal normal(const Gaussian& gaussian);
/// Requires dimension at most 3.
Gaussian gaussian(const Normal& law);

/// V(x) = (x - center)^T precision (x - center) / 2, with a symmetric matrix. Its target is N(center, precision^-1).
struct Quadratic {
  Eigen::VectorXd center;
  Eigen::MatrixXd precision;
};

/// The potential whose target is `law`.
Quadratic potential_of(const Normal& law);

// One eigenvalue (or one marginal of a product) at a time: variance a to variance b.

/// JKO step of the entropy (Salim, Korba, Luise 2020): larger root of b^2 - (2 gamma + a) b + gamma^2 = 0.
double jko_variance(double a, double gamma);
/// JKO step of the entropy with step size `gamma_effective` >= 0 and transport regularized by epsilon >= 0
/// (relative to the first marginal times Lebesgue): larger root of
/// b^2 - (2 gamma_effective + a + epsilon) b + gamma_effective^2 + epsilon gamma_effective = 0.
/// With gamma_effective = gamma - epsilon/2 its distance to the exact step is O(epsilon^2).
double entropic_jko_variance(double a, double gamma_effective, double epsilon);

// One step of a scheme.

/// (I - gamma grad V)_# law.
Normal pushforward(const Normal& law, const Quadratic& V, double gamma);
/// argmin H(mu) + W2^2(mu, law) / (2 gamma).
Normal jko(const Normal& law, double gamma);
/// The entropic JKO step of entropic_jko_variance, per eigenvalue; eigenvectors stay.
Normal entropic_jko(const Normal& law, double gamma_effective, double epsilon);
/// Pushforward, then the exact JKO step.
Normal forward_backward(const Normal& law, const Quadratic& V, double gamma);
/// Pushforward, then the entropic JKO step with gamma_effective = gamma - epsilon/2 (compensated) or gamma.
Normal entropic_forward_backward(const Normal& law, const Quadratic& V, double gamma, double epsilon,
                                 bool compensate = true);
/// Pushforward, then heat flow of variance 2 gamma: the law of unadjusted Langevin (Wibisono 2018).
Normal forward_flow(const Normal& law, const Quadratic& V, double gamma);
/// Half the heat flow of a step, the drift flow x' = -grad V over gamma, half the heat flow (Strang 1968).
Normal strang(const Normal& law, const Quadratic& V, double gamma);
/// argmin KL(mu | exp(-V)) + W2^2(mu, law) / (2 gamma). Requires I + gamma precision positive definite.
Normal backward(const Normal& law, const Quadratic& V, double gamma);
/// The same with transport regularized by epsilon, the entropy weighted by gamma_effective and V by gamma. Covariance
/// and precision need not commute: with C = I + gamma precision, each eigenvalue a of C^-1/2 covariance C^-1/2 becomes
/// the larger root of the equation of entropic_jko_variance, and the new covariance is C^-1/2 Y C^-1/2.
Normal entropic_backward(const Normal& law, const Quadratic& V, double gamma, double gamma_effective, double epsilon);
/// (I - gamma grad log(rho/exp(-V)))_# law: explicit Wasserstein gradient descent.
Normal forward(const Normal& law, const Quadratic& V, double gamma);

// Flows.

/// Flow x' = -grad V of all points over time t >= 0; any symmetric precision.
Normal drift(const Normal& law, const Quadratic& V, double t);
/// Fokker-Planck (Ornstein-Uhlenbeck) flow of KL(mu | exp(-V)) at time t >= 0; any symmetric precision.
Normal ornstein_uhlenbeck(const Normal& law, const Quadratic& V, double t);
/// Heat flow d_t rho = Laplacian rho: covariance + 2 t I.
Normal heat(const Normal& law, double t);

/// Density at distance `radius` from the centre of the source solution of d_t rho = Laplacian rho^exponent of mass one
/// in `dimension` dimensions (Barenblatt 1952; Pattle 1959), t > 0, exponent > 1: t^-alpha (C - k radius^2 t^(-2
/// alpha/dimension))_+^(1/(exponent - 1)).
double barenblatt(double radius, double t, int dimension, double exponent);
/// Radius of the ball outside which it vanishes.
double barenblatt_radius(double t, int dimension, double exponent);

/// A scheme on Gaussians with a quadratic potential, step by step.
class GaussianRecursion {
 public:
  struct Step {
    double gamma = 0.0;
    double epsilon = 0.0;    ///< 0: the exact JKO step; otherwise the entropic one (forward-backward, backward)
    bool compensate = true;  ///< entropic: gamma - epsilon/2 in place of gamma as the weight of the entropy
  };
  /// `scheme` is forward-backward, backward, forward, forward-flow or strang, or fokker-planck for the flow itself at
  /// the times n gamma. Throws InvalidValue("scheme", ...) for any other, and as the functions above do.
  GaussianRecursion(const std::string& scheme, Normal initial, const Quadratic& V, const Step& step);

  /// Whether there is a closed form for a scheme of that name.
  static bool knows(const std::string& scheme);

  const Normal& law() const { return law_; }
  Index step() const { return step_; }
  void advance();

 private:
  std::function<Normal(const Normal&)> map_;
  Normal law_;
  Index step_ = 0;
};

// Distances.

/// W2^2(a, b) = |difference of means|^2 + Bures^2 of the covariances (Dowson, Landau 1982), as the cost of the optimal
/// linear map, so that close laws do not cancel.
double w2_squared(const Normal& a, const Normal& b);
/// KL(a | b).
double kullback_leibler(const Normal& a, const Normal& b);
/// Differential entropy with the sign of H: integral of rho log rho.
double entropy(const Normal& law);

}  // namespace wpg::exact
