#pragma once
#include <array>
#include <vector>

#include "jko/neighbours.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// The covariance of x given y under the entropic coupling, over epsilon: S = I + epsilon grad^2 log q(y), reduced to
/// one number per axis. By central differences of log q; at a wall those of the neighbour, since the mirror image's
/// kink in log q is no conditional variance.
class ConditionalVariance {
 public:
  /// Along the first `axes` axes.
  ConditionalVariance(const Grid& grid, double epsilon, int axes = 3);

  /// Sets all fields from log q, multiplied by `trust` cell by cell.
  void update(const Values& log_q, const Values& trust);
  std::size_t memory() const { return fields_.size() * static_cast<std::size_t>(grid_.size()) * sizeof(double); }
  /// Along axis k: the variance of x_k when the other coordinates of x are known, 1/(S^-1)_kk. Its inverse is the
  /// conductivity that the full tensor has along the axis; where S is nearly singular in an oblique direction (outside
  /// the curved edge of a density) the plain diagonal of S would miss that direction's conductivity altogether.
  const Values& along(int axis) const { return fields_[static_cast<std::size_t>(axis)]; }

 private:
  void row(const Values& log_q, const Values& trust, Index line);
  void cells(const double* q, const double* trust, Index begin, Index end, const std::array<Neighbours, 3>& at,
             Index to);

  Grid grid_;
  int axes_;
  std::array<double, 3> scale_{};  ///< sqrt(epsilon)/h
  std::vector<Values> fields_;
};

}  // namespace wpg
