#include "wpg/potentials/banana.hpp"

#include <cmath>

#include "admissible.hpp"
#include "wpg/error.hpp"

namespace wpg {

Banana::Banana(double bend, const Point& deviations) : bend_(bend) {
  if (!std::isfinite(bend)) throw InvalidValue("bend", written(bend), "finite");
  if (deviations.size() != 2) throw InvalidValue("deviations", written(deviations), "two positive numbers");
  require_positive("deviations", deviations[0]);
  require_positive("deviations", deviations[1]);
  s2_ = deviations[0] * deviations[0];
  t2_ = deviations[1] * deviations[1];
}

double Banana::value(const Point& x) const {
  const double r = height(x);
  return 0.5 * x[0] * x[0] / s2_ + 0.5 * r * r / t2_;
}

Point Banana::gradient(const Point& x) const {
  const double r = height(x);
  Point g(2);
  g << x[0] / s2_ - 2.0 * bend_ * x[0] * r / t2_, r / t2_;
  return g;
}

Tensor Banana::hessian(const Point& x) const {
  const double slope = 2.0 * bend_ * x[0];
  Tensor h(2, 2);
  h << 1.0 / s2_ + (slope * slope - 2.0 * bend_ * height(x)) / t2_, -slope / t2_, -slope / t2_, 1.0 / t2_;
  return h;
}

}  // namespace wpg
