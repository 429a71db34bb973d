#pragma once
#include <vector>

#include "wpg/potential.hpp"
#include "wpg/problem.hpp"

namespace wpg {

/// V(x) = -log sum_i w_i N(x; mean_i, covariance_i), the weights scaled to sum one: exp(-V) is the mixture itself, with
/// integral one. Evaluated by log-sum-exp, so that V is finite wherever x is, and exact to rounding far out.
class GaussianMixture final : public Potential {
 public:
  /// Throws InvalidValue("weights" | "means" | "covariances", ...) where numbers do not match, a weight is not positive
  /// or a covariance is not symmetric positive definite.
  GaussianMixture(const std::vector<double>& weights, const std::vector<Gaussian>& components);

  double value(const Point& x) const override;
  Point gradient(const Point& x) const override;
  Tensor hessian(const Point& x) const override;

 private:
  struct Component {
    double log_factor;  ///< log of the weight and of the Gaussian's normalisation
    Point mean;
    Tensor precision;
    double exponent(const Point& x) const;
  };
  /// The responsibilities exp(exponent_i + V), summed up component by component by `visit(component, weight)`.
  template <class Visit>
  void weigh(const Point& x, Visit&& visit) const;

  std::vector<Component> components_;
};

}  // namespace wpg
