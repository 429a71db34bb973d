#include "wpg/potentials/quadratic.hpp"

#include "admissible.hpp"

namespace wpg {

Quadratic::Quadratic(Point mean, Tensor precision) : mean_(std::move(mean)), precision_(std::move(precision)) {
  require_positive_definite("precision", precision_);
}

double Quadratic::value(const Point& x) const {
  const Point d = x - mean_;
  return 0.5 * d.dot(precision_.lazyProduct(d));
}

Point Quadratic::gradient(const Point& x) const { return precision_.lazyProduct(x - mean_); }

Tensor Quadratic::hessian(const Point&) const { return precision_; }

}  // namespace wpg
