#include "admissible.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "small_matrix.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

bool symmetric(const Tensor& matrix) {
  for (Index row = 0; row < matrix.rows(); ++row) {
    for (Index column = 0; column < row; ++column) {
      const double difference = std::abs(matrix(row, column) - matrix(column, row));
      if (difference > 1e-12 * std::abs(matrix(row, column))) return false;
    }
  }
  return true;
}

}  // namespace

std::string written(double number) {
  if (std::isnan(number)) return "nan";
  number += 0.0;  // a zero without its sign
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

std::string written(const Tensor& matrix) {
  std::string text;
  for (Index row = 0; row < matrix.rows(); ++row) {
    for (Index column = 0; column < matrix.cols(); ++column) {
      if (!text.empty()) text += ' ';
      text += written(matrix(row, column));
    }
  }
  return text;
}

std::string written(const Point& x) { return written(Tensor(x.transpose())); }

void require_positive(const std::string& name, double number) {
  if (!(number > 0.0) || !std::isfinite(number)) throw InvalidValue(name, written(number), "positive and finite");
}

void require_positive_definite(const std::string& name, const Tensor& matrix) {
  bool good = matrix.allFinite() && symmetric(matrix);
  if (good) {
    // Below rounding of the largest eigenvalue, the sign of the smallest means nothing.
    const EigenvalueRange range = eigenvalue_range(matrix);
    good = range.smallest > 1e-14 * range.largest;
  }
  if (!good) throw InvalidValue(name, written(matrix), "symmetric and positive definite");
}

}  // namespace wpg
