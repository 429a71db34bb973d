#pragma once
#include <Eigen/Core>
#include <string>
#include <vector>

#include "wpg/potential.hpp"

namespace wpg {

/// What a Bayesian logistic regression is about: covariates (one row per observation) and responses 0 or 1.
struct Observations {
  Eigen::MatrixXd covariates;
  Eigen::VectorXd responses;
};

/// Reads columns of a CSV file, the covariates first and the response last. With `standardise` every covariate is
/// centred and divided by its sample deviation (denominator n - 1).
/// Throws InputError where the file is malformed, a response is neither 0 nor 1 or a covariate to be
/// standardised is constant.
Observations read_observations(const std::string& path, const std::vector<std::string>& columns, bool standardise);

/// Minus the log posterior of Bayesian logistic regression, up to a constant. The point is b = (intercept, slopes):
///
///     V(b) = sum_i [log(1 + exp(eta_i)) - y_i eta_i] + |b|^2 / (2 prior_deviation^2),   eta_i = b_0 + x_i . b_slopes,
///
/// strongly convex with lambda >= prior_deviation^-2.
class Logistic final : public Potential {
 public:
  /// Throws InvalidValue unless the prior deviation is positive and there are at most two covariates.
  Logistic(const Observations& observations, double prior_deviation);

  double value(const Point& b) const override;
  Point gradient(const Point& b) const override;
  Tensor hessian(const Point& b) const override;
  int dimension() const { return static_cast<int>(design_.rows()); }

 private:
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 3> design_;  ///< one column (1, x_i) per observation
  Eigen::VectorXd responses_;
  double prior_precision_ = 1.0;
};

}  // namespace wpg
