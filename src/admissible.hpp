#pragma once
#include <string>

#include "wpg/grid.hpp"

namespace wpg {

/// Throws InvalidValue(name, ...) unless the matrix is finite, symmetric to rounding and positive definite.
void require_positive_definite(const std::string& name, const Tensor& matrix);

/// Throws InvalidValue(name, ...) unless the number is positive and finite.
void require_positive(const std::string& name, double number);

/// A number as short as it can be written without loss, for messages.
std::string written(double number);
/// The entries of a point or matrix, row by row, separated by blanks.
std::string written(const Tensor& matrix);
std::string written(const Point& x);

}  // namespace wpg
