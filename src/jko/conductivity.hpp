#pragma once
#include "wpg/field.hpp"

namespace wpg {

/// The inverse T of the conditional covariance S = I + epsilon grad^2 log q of a two-dimensional grid, written as a sum
/// of nonnegative conductivities along the x axis, the y axis and one diagonal of each cell, so that its divergence
/// form is an M-matrix on nine points. Where T is too oblique for that (its mixed entry exceeds the smaller diagonal
/// one) the mixed entry is cut. All in units of a step between neighbouring cells: T_kl / (h_k h_l).
class Conductivity {
 public:
  Conductivity(const Grid& grid, double epsilon);

  /// Sets the fields from log q; S is multiplied by `trust` cell by cell.
  void update(const Values& log_q, const Values& trust);

  const Values& x() const { return x_; }
  const Values& y() const { return y_; }
  /// Positive along (1, 1), negative along (-1, 1).
  const Values& diagonal() const { return diagonal_; }

 private:
  struct Neighbours {
    Index shift, lower, upper;
  };
  Neighbours neighbours(int axis, Index cell) const;
  void row(const Values& log_q, const Values& trust, Index j);
  void cells(const double* q, const double* trust, Index count, Neighbours x, Neighbours y, Index to);

  Grid grid_;
  double epsilon_;
  Values x_, y_, diagonal_;
};

}  // namespace wpg
