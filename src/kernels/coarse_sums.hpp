#pragma once
#include <Eigen/Core>
#include <vector>

#include "kernels/tilted_line.hpp"
#include "wpg/kernels/quadratic_fit.hpp"

namespace wpg {

/// Estimates the results of a tilted convolution, without a transform: remainders are averaged over blocks of cells
/// about as wide as the Gaussian, of which one row is taken, and these are summed with its weights at one point a
/// block.
class CoarseSums {
 public:
  explicit CoarseSums(const Grid& grid);

  /// The smallest result at a cell in which masses are positive (without masses: at any cell), of those at the ends of
  /// blocks, in units of exp(fit.top). The axes are tilted by `fit`; infinity where no such cell is found.
  double smallest(const QuadraticFit& fit, const QuadraticFitter& fitter, const std::vector<TiltedLine>& axes,
                  const Values* masses, const Values& in);

 private:
  /// [cells of the other axes][blocks or targets of one]
  using Matrix = Eigen::MatrixXd;

  void divide(const std::vector<TiltedLine>& axes);
  void average_rows(const QuadraticFit& fit, const QuadraticFitter& fitter, const Values& in);
  Index middle_row(Index number) const;
  void sum_along(std::size_t k, const TiltedLine& axis);
  Index target(std::size_t k, Index number) const;
  double least_wanted(const Values* masses) const;

  Grid grid_;
  std::vector<Index> width_;   ///< of a block, in cells, per axis
  std::vector<Index> blocks_;  ///< their number
  std::vector<double> form_;   ///< the form's part of axis 0
  Matrix sums_, next_;
  Eigen::VectorXd total_;
};

}  // namespace wpg
