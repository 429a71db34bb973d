#pragma once
#include "wpg/expression.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// A potential given by a formula; how exact its derivatives are, Expression says.
class FormulaPotential final : public Potential {
 public:
  explicit FormulaPotential(Expression V) : V_(std::move(V)) {}

  double value(const Point& x) const override { return V_.value(x); }
  Point gradient(const Point& x) const override { return V_.gradient(x); }
  Tensor hessian(const Point& x) const override { return V_.hessian(x); }

 private:
  Expression V_;
};

}  // namespace wpg
