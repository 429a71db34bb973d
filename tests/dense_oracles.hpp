#pragma once
#include <Eigen/Core>

/// Algorithms for dense matrices that tests compare with. In a file of their own, since they take seconds to compile.
namespace wpg::oracle {

/// Of a square matrix.
Eigen::MatrixXd inverse(const Eigen::MatrixXd& matrix);
double determinant(const Eigen::MatrixXd& matrix);
/// x with matrix x = right, by elimination with pivots in columns.
Eigen::VectorXd solution(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right);
/// The x of least |matrix x - right| for a matrix of full rank, by modified Gram-Schmidt on both (Bjorck 1967).
Eigen::VectorXd least_squares(Eigen::MatrixXd matrix, Eigen::VectorXd right);

/// Eigenvalues of a symmetric matrix in increasing order, and orthonormal eigenvectors as columns.
struct Eigensystem {
  explicit Eigensystem(const Eigen::MatrixXd& symmetric);
  /// Q diag(values) Q^T, Q the eigenvectors.
  Eigen::MatrixXd with(const Eigen::VectorXd& other_values) const;

  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};

}  // namespace wpg::oracle
