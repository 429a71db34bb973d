#pragma once
#include <array>

#include "wpg/field.hpp"

namespace wpg {

/// Conditional means of a coupling on a two-dimensional grid, row by row: given a point, x + epsilon grad of the log
/// potential there, in units of cells. With log(G v) those are the mean targets of sources, with log q the mean sources
/// of targets.
class RowMeans {
 public:
  RowMeans(const Grid& grid, double epsilon);

  /// Of row j; x and y have room for the row. Where the potential is infinite they mean nothing.
  void take(const Values& log_potential, Index j, double* x, double* y) const;

 private:
  Grid grid_;
  std::array<double, 2> scale_;  ///< epsilon / h^2
};

}  // namespace wpg
