#include "dense_oracles.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>

namespace wpg::oracle {

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd inverse(const MatrixXd& matrix) { return matrix.inverse(); }

double determinant(const MatrixXd& matrix) { return matrix.determinant(); }

Solver factorised(const MatrixXd& matrix) {
  return [lu = Eigen::PartialPivLU<MatrixXd>(matrix)](const VectorXd& right) -> VectorXd { return lu.solve(right); };
}

VectorXd least_squares(const MatrixXd& matrix, const VectorXd& right) {
  return matrix.colPivHouseholderQr().solve(right);
}

Eigensystem::Eigensystem(const MatrixXd& symmetric) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(symmetric);
  values = solver.eigenvalues();
  vectors = solver.eigenvectors();
}

MatrixXd Eigensystem::with(const VectorXd& other_values) const {
  const MatrixXd scaled = vectors * other_values.asDiagonal();
  const MatrixXd transposed = vectors.transpose();
  return scaled * transposed;
}

}  // namespace wpg::oracle
