#pragma once
#include <optional>

#include "wpg/transport.hpp"

namespace wpg {

/// The flow of x' = -grad V(x) over a time t > 0: Phi(x(0)) = x(t), with its Jacobian J, J' = -D2V(x) J. Where the
/// Hessian is the same in all cells of the grid the flow is affine and the matrix exponential gives it exactly;
/// otherwise both are integrated by extrapolation of the modified midpoint rule (Gragg 1965; Bulirsch, Stoer 1966) of
/// order 8: the map with as many equal steps as leave an error of 1e-8 cells, the Jacobian with half of them.
///
/// J is symmetric where V separates or is quadratic, and only there in general: Phi is no gradient map but, as long as
/// J + J^T is positive definite, a strictly monotone map, and that is what a Pushforward needs. Over short times that
/// always holds (J = I - t D2V + O(t^2)); for a convex V that is quadratic or separable it holds for every t.
class DriftFlow final : public GradientMap {
 public:
  /// Keeps a reference to the potential. Throws InvalidValue("gamma", ...) unless the time is positive and finite and
  /// the flow from every cell can be followed over it.
  DriftFlow(const Potential& potential, const Grid& grid, double time);

  Point value(const Point& x) const override;
  Tensor jacobian(const Point& x) const override;

  /// Steps of the integration; 0 where the flow is affine.
  int steps() const { return steps_; }

 private:
  void choose_steps(const Grid& grid);

  const Potential& potential_;
  double time_;
  int steps_ = 0;
  /// For an affine flow: Phi(x) = x - response grad V(x).
  std::optional<Tensor> response_;
  Tensor affine_jacobian_;
};

/// The pushforward by the flow of x' = -grad V(x) over the time gamma. Throws InvalidValue("gamma", ...) where the flow
/// is not strictly monotone on the grid, naming the smallest eigenvalue of (J + J^T)/2.
Pushforward drift_pushforward(const Grid& grid, const Potential& potential, double gamma);

}  // namespace wpg
