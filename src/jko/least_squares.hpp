#pragma once
#include <Eigen/Core>

namespace wpg {

/// Columns of a small least-squares problem at most, and the numbers of its normal equations: row by row the Gram
/// matrix in a square of so many rows, then the products of the columns with the right-hand side.
inline constexpr int normal_columns = 8;
inline constexpr int normal_entries = (normal_columns + 1) * normal_columns;

using Coefficients = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, normal_columns, 1>;

/// The coefficients of the first `count` columns, in the numerical range of their normalised Gram matrix: columns that
/// repeat others or vanish do no harm. Reads the matrix's lower triangle.
Coefficients least_squares(const double* equations, int count);

}  // namespace wpg
