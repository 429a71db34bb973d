#pragma once
#include <span>

#include "wpg/transport.hpp"

namespace wpg::transport {

/// Inverts the one-dimensional factors of a gradient map T on a box. Factor k sends x_k, on a line with the *new*
/// coordinates X_0..X_{k-1} and the old ones x_{k+1}.. fixed, to T_k(x); it is monotone because the leading block of DT
/// is positive definite. A preimage beyond a reflecting or free end is that end: then x minimises the convex function
/// whose gradient is T - X, in its first k+1 arguments, over the box. Solved by Newton's method with an active set,
/// started from the extrapolation of the last faces' solutions; where that fails, by nested bracketing. A map that is
/// not finite gives preimages that are not.
class PreimageSolver {
 public:
  /// Throws InvalidValue("boundary", ...) where an axis is periodic but T(x) - x differs between its two ends.
  PreimageSolver(const Grid& grid, const GradientMap& map);

  /// The preimages of the faces of a line along `axis`, as AxisRemap wants them: in cells from the line's start.
  void fill(int axis, Index line, std::span<double> faces) const;

 private:
  void check_periodic(int axis) const;
  Point wrapped(Point x) const;
  Point clamped(Point x) const;
  double in_cells(int axis, double x) const;
  /// Solves T_i(x) = target_i for i <= axis, from the guess x; the other coordinates of x stay.
  void solve(int axis, const Point& target, Point& x) const;
  bool newton(int axis, const Point& target, Point& x) const;
  Point newton_step(int axis, const Point& target, const Point& x) const;
  void bracket(int axis, const Point& target, Point& x) const;

  const Grid& grid_;
  const GradientMap& map_;
};

}  // namespace wpg::transport
