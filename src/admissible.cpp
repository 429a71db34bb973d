#include "admissible.hpp"

#include <Eigen/Eigenvalues>
#include <array>
#include <charconv>
#include <cmath>

#include "wpg/error.hpp"

namespace wpg {

std::string written(double number) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

std::string written(const Tensor& matrix) {
  std::string text;
  for (Index row = 0; row < matrix.rows(); ++row) {
    for (Index column = 0; column < matrix.cols(); ++column) {
      text += (text.empty() ? "" : " ") + written(matrix(row, column));
    }
  }
  return text;
}

std::string written(const Point& x) {
  std::string text;
  for (const double coordinate : x) text += (text.empty() ? "" : " ") + written(coordinate);
  return text;
}

void require_positive(const std::string& name, double number) {
  if (!(number > 0.0) || !std::isfinite(number)) throw InvalidValue(name, written(number), "positive and finite");
}

void require_positive_definite(const std::string& name, const Tensor& matrix) {
  bool good = matrix.allFinite() && (matrix - matrix.transpose()).norm() <= 1e-12 * matrix.norm();
  if (good) {
    const Eigen::SelfAdjointEigenSolver<Tensor> solver(matrix, Eigen::EigenvaluesOnly);
    // Below rounding of the largest eigenvalue, the sign of the smallest means nothing.
    good = solver.eigenvalues().minCoeff() > 1e-14 * solver.eigenvalues().maxCoeff();
  }
  if (!good) throw InvalidValue(name, written(matrix), "symmetric and positive definite");
}

}  // namespace wpg
