#include "wpg/potentials/linear_regression.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "wpg/csv.hpp"
#include "wpg/error.hpp"

namespace wpg {

LeastSquares read_least_squares(const std::string& path, const std::vector<std::string>& columns, bool standardise) {
  Eigen::MatrixXd table = read_csv(path, columns);
  const Eigen::Index count = table.rows(), slopes = table.cols() - 1;
  if (count < slopes + 2) throw InputError(path + ": needs at least " + std::to_string(slopes + 2) + " rows");
  table.rowwise() -= table.colwise().mean().eval();
  Eigen::VectorXd deviations = (table.colwise().squaredNorm() / static_cast<double>(count - 1)).cwiseSqrt();
  if (!(deviations.head(slopes).minCoeff() > 0.0)) throw InputError(path + ": a covariate is constant");
  if (!standardise) deviations.setOnes();
  const Eigen::MatrixXd X = table.leftCols(slopes) * deviations.head(slopes).cwiseInverse().asDiagonal();
  const Eigen::VectorXd y = table.col(slopes);
  LeastSquares fit;
  fit.gram = X.transpose() * X;
  const Eigen::LDLT<Eigen::MatrixXd> factor(fit.gram);
  if (!(factor.vectorD().minCoeff() > 1e-12 * fit.gram.diagonal().minCoeff())) {
    throw InputError(path + ": the covariates are linearly dependent");
  }
  fit.estimate = factor.solve(X.transpose() * y);
  fit.deviation = (y - X * fit.estimate).norm() / std::sqrt(static_cast<double>(count - slopes - 1));
  return fit;
}

}  // namespace wpg
