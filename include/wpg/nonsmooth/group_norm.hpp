#pragma once
#include <vector>

#include "wpg/nonsmooth.hpp"

namespace wpg {

/// F(x) = weight |(x_k)_{k in axes}|_2, the penalty of the group lasso (Yuan, Lin 2006) with one group. Its proximal
/// map shrinks the group's part of x by max(1 - gamma weight/|.|, 0): a ball collapses onto the origin of the group.
class GroupNorm final : public Nonsmooth {
 public:
  /// Throws InvalidValue unless the weight is positive and finite, and the axes are distinct, ascending and not none.
  GroupNorm(double weight, std::vector<int> axes);

  std::string_view name() const override { return "group"; }
  double value(const Point& x) const override;
  Point prox(const Point& x, double gamma) const override;
  bool separable() const override { return axes_.size() == 1; }

 private:
  double norm(const Point& x) const;

  double weight_;
  std::vector<int> axes_;
};

}  // namespace wpg
