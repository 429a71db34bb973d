#include "wpg/potentials/double_well.hpp"

#include "admissible.hpp"

namespace wpg {

DoubleWell::DoubleWell(double well, double barrier, double stiffness)
    : well_(well), barrier_(barrier), stiffness_(stiffness) {
  require_positive("well", well);
  require_positive("barrier", barrier);
  require_positive("stiffness", stiffness);
}

double DoubleWell::value(const Point& x) const {
  const double s = x[0] / well_;
  return barrier_ * (s * s - 1.0) * (s * s - 1.0) + 0.5 * stiffness_ * x.tail(x.size() - 1).squaredNorm();
}

Point DoubleWell::gradient(const Point& x) const {
  const double s = x[0] / well_;
  Point g = stiffness_ * x;
  g[0] = 4.0 * barrier_ / well_ * s * (s * s - 1.0);
  return g;
}

Tensor DoubleWell::hessian(const Point& x) const {
  const double s = x[0] / well_;
  Tensor h = stiffness_ * Tensor::Identity(x.size(), x.size());
  h(0, 0) = 4.0 * barrier_ / (well_ * well_) * (3.0 * s * s - 1.0);
  return h;
}

}  // namespace wpg
