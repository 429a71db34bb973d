#include "small_matrix.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>

namespace wpg {
namespace {

/// Calls `action` with the matrix as one of fixed size.
template <class Action>
auto fixed(const Tensor& matrix, Action&& action) {
  switch (matrix.rows()) {
    case 1:
      return action(Eigen::Matrix<double, 1, 1>(matrix));
    case 2:
      return action(Eigen::Matrix2d(matrix));
    default:
      return action(Eigen::Matrix3d(matrix));
  }
}

}  // namespace

EigenvalueRange eigenvalue_range(const Tensor& symmetric) {
  return fixed(symmetric, []<class Matrix>(const Matrix& matrix) -> EigenvalueRange {
    // The general algorithm, not the closed forms: these lose half the digits of nearly equal eigenvalues.
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(matrix, Eigen::EigenvaluesOnly);
    return {solver.eigenvalues()[0], solver.eigenvalues()[matrix.rows() - 1]};
  });
}

double determinant(const Tensor& matrix) {
  return fixed(matrix, [](const auto& m) { return m.determinant(); });
}

Tensor inverse(const Tensor& matrix) {
  return fixed(matrix, [](const auto& m) -> Tensor { return m.inverse(); });
}

}  // namespace wpg
