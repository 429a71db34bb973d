#pragma once
#include <memory>
#include <string>

#include "wpg/grid.hpp"

namespace wpg {

/// A formula in the coordinates x, y, z (as many as the dimension) with its first and second derivatives.
///
/// Operators: + - * / ^ (right-associative; -x^2 is -(x^2)), comparisons, && || and a ? b : c. Functions: sin cos tan
/// asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp log ln log2 log10 sqrt pow abs sign rint min max sum avg;
/// log and ln are both natural. Constants: pi and e.
///
/// Derivatives are symbolic, exact to rounding, where the formula is made of smooth functions (all up to pow, without
/// log2 and log10); otherwise they are central differences extrapolated to vanishing step (Ridders 1982), with an error
/// below 1e-8 relative to the size of the formula and its derivatives wherever the formula is smooth within about 1e-2
/// of the point. At a kink they are meaningless.
///
/// Immutable, and safe to evaluate from several threads. Values are NaN or infinite where the formula is.
class Expression {
 public:
  /// Throws InvalidValue(name, text, ...) where the formula cannot be understood, naming the position of the error.
  Expression(const std::string& name, const std::string& text, int dimension);
  ~Expression();
  Expression(Expression&&) noexcept;

  double value(const Point& x) const;
  Point gradient(const Point& x) const;
  Tensor hessian(const Point& x) const;
  /// Whether the derivatives are symbolic.
  bool symbolic() const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace wpg
