#include "dense_matrix.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace wpg {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Solver = Eigen::SelfAdjointEigenSolver<MatrixXd>;

Spectrum spectrum_of(const MatrixXd& symmetric) {
  const Solver solver(symmetric);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

Spectrum spectrum_beside_zeros(const VectorXd& off_diagonal) {
  Solver solver;
  solver.computeFromTridiagonal(VectorXd::Zero(off_diagonal.size() + 1), off_diagonal);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

VectorXd eigenvalues_of(const MatrixXd& symmetric) { return Solver(symmetric, Eigen::EigenvaluesOnly).eigenvalues(); }

MatrixXd with_eigenvalues(const Spectrum& spectrum, const VectorXd& values) {
  const MatrixXd scaled = spectrum.vectors * values.asDiagonal();
  return product(scaled, spectrum.vectors.transpose());
}

std::optional<MatrixXd> cholesky_factor(const MatrixXd& matrix) {
  const Eigen::LLT<MatrixXd> factor(matrix);
  if (factor.info() != Eigen::Success) return std::nullopt;
  return MatrixXd(factor.matrixL());
}

VectorXd applied(const MatrixXd& a, const VectorXd& x) { return a * x; }

MatrixXd product(const MatrixXd& a, const MatrixXd& b) { return a * b; }

MatrixXd congruent(const MatrixXd& m, const MatrixXd& a) {
  const MatrixXd whole = product(product(m, a), m.transpose());
  return 0.5 * (whole + whole.transpose());
}

}  // namespace wpg
