#pragma once
#include <Eigen/Core>
#include <functional>

/// Algorithms for dense matrices that tests compare with. In a file of their own, since they take seconds to compile.
namespace wpg::oracle {

/// Of a square matrix.
Eigen::MatrixXd inverse(const Eigen::MatrixXd& matrix);
double determinant(const Eigen::MatrixXd& matrix);
/// right -> x with matrix x = right, the matrix factorised once.
using Solver = std::function<Eigen::VectorXd(const Eigen::VectorXd& right)>;
Solver factorised(const Eigen::MatrixXd& matrix);
/// The x of least |matrix x - right|.
Eigen::VectorXd least_squares(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right);

/// Eigenvalues of a symmetric matrix in increasing order, and orthonormal eigenvectors as columns.
struct Eigensystem {
  explicit Eigensystem(const Eigen::MatrixXd& symmetric);
  /// Q diag(values) Q^T, Q the eigenvectors.
  Eigen::MatrixXd with(const Eigen::VectorXd& other_values) const;

  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};

}  // namespace wpg::oracle
