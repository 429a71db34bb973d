#include "small_matrix.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

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
  const Tensor& a = symmetric;
  if (a.rows() == 1) return {a(0, 0), a(0, 0)};
  if (a.rows() == 2) {
    // LAPACK's dlae2: the one nearer to zero comes from the determinant, without the rounding errors of the other.
    const double sum = a(0, 0) + a(1, 1);
    const double far = 0.5 * (sum + std::copysign(std::hypot(a(0, 0) - a(1, 1), 2.0 * a(1, 0)), sum));
    const bool first = std::abs(a(0, 0)) > std::abs(a(1, 1));
    const double large = first ? a(0, 0) : a(1, 1);
    const double small = first ? a(1, 1) : a(0, 0);
    const double near = far == 0.0 ? 0.0 : (large / far) * small - (a(1, 0) / far) * a(1, 0);
    return {std::min(near, far), std::max(near, far)};
  }
  // The general algorithm, not the closed form: that loses half the digits of nearly equal eigenvalues.
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(Eigen::Matrix3d(a), Eigen::EigenvaluesOnly);
  return {solver.eigenvalues()[0], solver.eigenvalues()[2]};
}

double determinant(const Tensor& matrix) {
  return fixed(matrix, [](const auto& m) { return m.determinant(); });
}

Tensor inverse(const Tensor& matrix) {
  return fixed(matrix, [](const auto& m) -> Tensor { return m.inverse(); });
}

}  // namespace wpg
