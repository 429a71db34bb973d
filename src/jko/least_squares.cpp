#include "jko/least_squares.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

namespace wpg {
namespace {

/// Directions whose share of the Gram matrix is below rounding are left out.
constexpr double rank_tolerance = 1e-13;

}  // namespace

Coefficients least_squares(const double* equations, int count) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, normal_columns, normal_columns>;
  const auto entry = [&](int k, int l) { return equations[k * normal_columns + l]; };
  Coefficients scale(count), right(count);
  for (int k = 0; k < count; ++k) scale[k] = entry(k, k) > 0.0 ? 1.0 / std::sqrt(entry(k, k)) : 0.0;
  Matrix g(count, count);
  for (int k = 0; k < count; ++k) {
    for (int l = 0; l <= k; ++l) g(k, l) = g(l, k) = entry(k, l) * scale[k] * scale[l];
    right[k] = entry(normal_columns, k) * scale[k];
  }
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(g);
  Coefficients c = eigen.eigenvectors().transpose() * right;
  const double smallest = rank_tolerance * eigen.eigenvalues()[count - 1];
  for (int k = 0; k < count; ++k) c[k] = eigen.eigenvalues()[k] > smallest ? c[k] / eigen.eigenvalues()[k] : 0.0;
  return (eigen.eigenvectors() * c).cwiseProduct(scale);
}

}  // namespace wpg
