#pragma once
#include <Eigen/Core>
#include <string>
#include <vector>

namespace wpg {

/// Least squares of a response on covariates, all centred, so that the intercept is gone: with a flat prior on it, the
/// law of the slopes is as if it were known.
struct LeastSquares {
  Eigen::VectorXd estimate;  ///< of the slopes
  Eigen::MatrixXd gram;      ///< of the covariates, X^T X
  double deviation = 0.0;    ///< of the residuals, with count - slopes - 1 degrees of freedom
};

/// Reads columns of a CSV file, the covariates first and the response last. With `standardise` every covariate is
/// divided by its sample deviation (denominator n - 1).
/// Throws InputError where the file is malformed, there are not at least two more observations than covariates, or the
/// covariates are linearly dependent.
LeastSquares read_least_squares(const std::string& path, const std::vector<std::string>& columns, bool standardise);

}  // namespace wpg
