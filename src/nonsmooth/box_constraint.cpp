#include "wpg/nonsmooth/box_constraint.hpp"

#include <limits>

#include "admissible.hpp"
#include "wpg/error.hpp"

namespace wpg {

BoxConstraint::BoxConstraint(Point lower, Point upper) : lower_(std::move(lower)), upper_(std::move(upper)) {
  if (!(lower_.array() < upper_.array()).all()) {
    throw InvalidValue("upper", written(upper_), "above lower = " + written(lower_));
  }
}

double BoxConstraint::value(const Point& x) const {
  const bool inside = (x.array() >= lower_.array()).all() && (x.array() <= upper_.array()).all();
  return inside ? 0.0 : std::numeric_limits<double>::infinity();
}

Point BoxConstraint::prox(const Point& x, double) const { return x.cwiseMax(lower_).cwiseMin(upper_); }

}  // namespace wpg
