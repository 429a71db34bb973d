#pragma once
#include <array>
#include <vector>

#include "wpg/field.hpp"

namespace wpg {

/// A separable quadratic form on a grid, sum_k -a_k x_k^2 / 2 + b_k x_k, with x_k the distance of a cell from the
/// middle of axis k in cells, and how far a field of logarithms is from it.
struct QuadraticFit {
  std::array<double, 3> a{}, b{};
  double top = 0.0;    ///< the largest value of field - form seen
  double range = 0.0;  ///< from the smallest to the largest finite one; infinity or NaN where there is no fit
};

/// Fits quadratic forms to fields of logarithms, from every fourth row of cells along x (all rows of small grids).
/// Cells of -infinity, which stand for zeros, do not count. The same bits for any number of threads.
class QuadraticFitter {
 public:
  explicit QuadraticFitter(const Grid& grid);

  /// Least squares over the cells sampled, all of equal weight. Where these do not determine the form it is the
  /// smallest that fits.
  QuadraticFit least_squares(const Values& in) const;
  /// Sets `top` and `range` of a form on the same cells.
  void measure(const Values& in, QuadraticFit& fit) const;

  /// The form's part of axis k at a cell: -a_k x^2 / 2 + b_k x.
  double part(const QuadraticFit& fit, int k, Index cell) const;
  /// The sum of the parts of all axes but the first on a row of cells along x.
  double rest(const QuadraticFit& fit, Index row) const;

 private:
  Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 7, 1> functions(Index row) const;
  Index sampled() const { return (rows_ + step_ - 1) / step_; }
  /// The last row is always among those sampled.
  Index row(Index sample) const { return sample + 1 == sampled() ? rows_ - 1 : sample * step_; }
  double distance(int k, Index cell) const {
    return static_cast<double>(cell) - 0.5 * static_cast<double>(grid_.axis(k).cells - 1);
  }

  Grid grid_;
  Index rows_;
  Index step_;
  std::vector<double> x_;              ///< distances along axis 0
  mutable std::vector<double> form_;   ///< the form's part of axis 0
  mutable std::vector<double> found_;  ///< what each row sampled contributes
};

}  // namespace wpg
