#include "dense_oracles.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>

namespace wpg::oracle {

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd inverse(const MatrixXd& matrix) { return matrix.inverse(); }

double determinant(const MatrixXd& matrix) { return matrix.determinant(); }

VectorXd solution(const MatrixXd& matrix, const VectorXd& right) { return matrix.partialPivLu().solve(right); }

VectorXd least_squares(MatrixXd matrix, VectorXd right) {
  const Eigen::Index columns = matrix.cols();
  MatrixXd triangle = MatrixXd::Zero(columns, columns);
  VectorXd x(columns);
  for (Eigen::Index k = 0; k < columns; ++k) {
    triangle(k, k) = matrix.col(k).norm();
    matrix.col(k) /= triangle(k, k);
    for (Eigen::Index j = k + 1; j < columns; ++j) {
      triangle(k, j) = matrix.col(k).dot(matrix.col(j));
      matrix.col(j) -= triangle(k, j) * matrix.col(k);
    }
    x[k] = matrix.col(k).dot(right);
    right -= x[k] * matrix.col(k);
  }
  for (Eigen::Index k = columns - 1; k >= 0; --k) {
    for (Eigen::Index j = k + 1; j < columns; ++j) x[k] -= triangle(k, j) * x[j];
    x[k] /= triangle(k, k);
  }
  return x;
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
