#pragma once
#include <vector>

#include "wpg/difference.hpp"
#include "wpg/field.hpp"
#include "wpg/transport.hpp"

namespace wpg::transport {

/// The map T(x) = x + step v(x) of a velocity given at the cell centres, continued between them by cubic B-splines
/// (Unser, Aldroubi, Eden 1993): twice differentiable and of fourth order. It wraps around periodic axes. At reflecting
/// and free ends it is extrapolated, cubic polynomials exactly; or mirrored, the component across the end with the
/// opposite sign, so that nothing passes the end. T need not be a gradient; the pushforward needs that DT has a
/// positive definite symmetric part.
class SplineMap final : public GradientMap {
 public:
  SplineMap(const Grid& grid, Ends ends);

  /// Interpolates new values: one component per axis.
  void set(const std::vector<Values>& velocity);
  void set_step(double step) { step_ = step; }
  double step() const { return step_; }

  Point value(const Point& x) const override;
  Tensor jacobian(const Point& x) const override;
  std::size_t memory() const;

 private:
  /// Four basis functions and their derivatives along one axis, and the first's position in the coefficients.
  struct Basis {
    Index first = 0;
    double value[4] = {1.0, 0.0, 0.0, 0.0};
    double slope[4] = {0.0, 0.0, 0.0, 0.0};
  };

  Basis basis(int axis, double x) const;
  void filter(int axis, bool odd, Values& coefficients) const;
  void filter_line(int axis, bool odd, double* line) const;
  /// Sum of coefficients against a product of bases, the one of `derived` (if any) replaced by its derivative.
  double sum(const Values& coefficients, const Basis* bases, int derived) const;

  Grid grid_;
  Ends ends_;
  double step_ = 0.0;
  Index strides_[3] = {1, 1, 1};
  Index padded_size_ = 1;
  std::vector<Values> coefficients_;  ///< with `ghosts` cells more at either end of every axis
  static constexpr Index ghosts = 2;
};

}  // namespace wpg::transport
