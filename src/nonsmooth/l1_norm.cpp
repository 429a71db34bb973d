#include "wpg/nonsmooth/l1_norm.hpp"

#include <cmath>

#include "admissible.hpp"
#include "wpg/error.hpp"

namespace wpg {

L1Norm::L1Norm(Point weights) : weights_(std::move(weights)) {
  const bool good = weights_.allFinite() && weights_.minCoeff() >= 0.0 && weights_.maxCoeff() > 0.0;
  if (!good) throw InvalidValue("weight", written(weights_), "finite and not negative, at least one of them positive");
}

double L1Norm::value(const Point& x) const { return weights_.dot(x.cwiseAbs()); }

Point L1Norm::prox(const Point& x, double gamma) const {
  Point y = x;
  for (Index k = 0; k < x.size(); ++k) {
    y[k] = std::copysign(std::max(std::abs(x[k]) - gamma * weights_[k], 0.0), x[k]);
  }
  return y;
}

}  // namespace wpg
