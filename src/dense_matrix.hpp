#pragma once
#include <Eigen/Core>
#include <optional>

namespace wpg {

/// Algorithms for matrices of any size. They take seconds to compile, so they are called through here; for matrices of
/// at most three dimensions in an inner loop see small_matrix.hpp.

/// Eigenvalues in increasing order, and the orthonormal eigenvectors as columns.
struct Spectrum {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};

/// Of a symmetric matrix, of which only the lower triangle is read.
Spectrum spectrum_of(const Eigen::MatrixXd& symmetric);
/// Of the symmetric tridiagonal matrix with zero diagonal and these numbers beside it; one row more than numbers.
Spectrum spectrum_beside_zeros(const Eigen::VectorXd& off_diagonal);
/// Its eigenvalues alone, in increasing order.
Eigen::VectorXd eigenvalues_of(const Eigen::MatrixXd& symmetric);
/// Q diag(values) Q^T, Q the eigenvectors.
Eigen::MatrixXd with_eigenvalues(const Spectrum& spectrum, const Eigen::VectorXd& values);

/// The lower triangular L with L L^T = matrix; nothing unless the symmetric matrix is positive definite.
std::optional<Eigen::MatrixXd> cholesky_factor(const Eigen::MatrixXd& matrix);

/// A x.
Eigen::VectorXd applied(const Eigen::MatrixXd& a, const Eigen::VectorXd& x);
/// A B.
Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
/// The symmetric part of M A M^T.
Eigen::MatrixXd congruent(const Eigen::MatrixXd& m, const Eigen::MatrixXd& a);

}  // namespace wpg
