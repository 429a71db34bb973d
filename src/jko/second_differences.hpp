#pragma once
#include <vector>

#include "jko/bordered.hpp"
#include "jko/directions.hpp"
#include "jko/neighbours.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// Second differences of log q on a two-dimensional grid over the neighbours of each cell along either axis and either
/// diagonal, times epsilon over the squared distance: along e, the excess e.S e / |e|^2 - 1 of the conditional
/// covariance S = I + epsilon grad^2 log q. Row by row.
class RowDifferences {
 public:
  RowDifferences(const Grid& grid, double epsilon);

  /// Of row j, per direction: to[d] has room for the row.
  void take(const Values& log_q, Index j, const std::array<float*, 4>& to) const;

 private:
  void cells(const double* q, Index count, Neighbours x, Neighbours y, const std::array<float*, 4>& to, Index i) const;

  Grid grid_;
  std::array<double, 4> scale_;  ///< epsilon over the squared distance
};

/// Of all cells.
class SecondDifferences {
 public:
  SecondDifferences(const Grid& grid, double epsilon);

  void update(const Values& log_q);
  const Bordered& along(Direction d) const { return differences_[d]; }
  std::size_t memory() const { return 4 * differences_[east].memory(); }

 private:
  Grid grid_;
  RowDifferences rows_;
  std::vector<Bordered> differences_;
};

}  // namespace wpg
