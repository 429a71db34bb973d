#include "wpg/nonsmooth/group_norm.hpp"

#include <algorithm>
#include <cmath>

#include "admissible.hpp"
#include "wpg/error.hpp"

namespace wpg {

GroupNorm::GroupNorm(double weight, std::vector<int> axes) : weight_(weight), axes_(std::move(axes)) {
  require_positive("weight", weight);
  const bool ascending =
      std::adjacent_find(axes_.begin(), axes_.end(), [](int a, int b) { return a >= b; }) == axes_.end();
  if (axes_.empty() || axes_.front() < 0 || axes_.back() > 2 || !ascending) {
    throw InvalidValue("axes", std::to_string(axes_.size()) + " axes", "distinct axes, in ascending order");
  }
}

double GroupNorm::norm(const Point& x) const {
  double square = 0.0;
  for (const int k : axes_) square += x[k] * x[k];
  return std::sqrt(square);
}

double GroupNorm::value(const Point& x) const { return weight_ * norm(x); }

Point GroupNorm::prox(const Point& x, double gamma) const {
  const double length = norm(x);
  const double shrunk = length > gamma * weight_ ? 1.0 - gamma * weight_ / length : 0.0;
  Point y = x;
  for (const int k : axes_) y[k] *= shrunk;
  return y;
}

}  // namespace wpg
