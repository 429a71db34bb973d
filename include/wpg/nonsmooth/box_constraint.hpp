#pragma once
#include "wpg/nonsmooth.hpp"

namespace wpg {

/// F = 0 in the box between `lower` and `upper`, its ends included, and infinite outside. Its proximal map is the
/// projection onto the box, for every gamma.
class BoxConstraint final : public Nonsmooth {
 public:
  /// Throws InvalidValue("upper", ...) unless lower < upper on every axis. Infinite ends are admissible.
  BoxConstraint(Point lower, Point upper);

  std::string_view name() const override { return "box"; }
  double value(const Point& x) const override;
  Point prox(const Point& x, double gamma) const override;
  bool separable() const override { return true; }

 private:
  Point lower_, upper_;
};

}  // namespace wpg
