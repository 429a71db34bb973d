#pragma once
#include <memory>

#include "wpg/field.hpp"

namespace wpg {

/// A smooth potential V: R^d -> R with two derivatives. Immutable, and safe to evaluate from several threads.
class Potential {
 public:
  virtual ~Potential() = default;

  virtual double value(const Point& x) const = 0;
  virtual Point gradient(const Point& x) const = 0;
  virtual Tensor hessian(const Point& x) const = 0;
};

/// The extreme eigenvalues of the Hessian of a potential over the cell centres and corners of a grid:
/// lambda (strong convexity; negative where the potential is not convex) and L (smoothness).
struct Curvature {
  double lambda = 0.0;
  double L = 0.0;
};

Curvature measure_curvature(const Potential& potential, const Grid& grid);

/// The Gibbs density exp(-V)/Z on a grid, of mass one; Z is that of the grid's box.
/// Throws InvalidValue where V is not finite at a cell centre.
Field gibbs_density(const Potential& potential, const Grid& grid);

}  // namespace wpg
