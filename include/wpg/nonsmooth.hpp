#pragma once
#include <string_view>

#include "wpg/field.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// A convex, lower semicontinuous F: R^d -> (-inf, inf] without a gradient everywhere, known by its proximal map: the
/// part of a potential that a scheme takes implicitly. Immutable, and safe to evaluate from several threads.
class Nonsmooth {
 public:
  virtual ~Nonsmooth() = default;

  virtual std::string_view name() const = 0;
  /// Infinite outside the domain of F.
  virtual double value(const Point& x) const = 0;
  /// The unique minimiser y of F(y) + |x - y|^2/(2 gamma), for gamma > 0 (Moreau 1965). Never expands distances.
  virtual Point prox(const Point& x, double gamma) const = 0;
  /// Whether F is a sum over the coordinates, so that the proximal map acts on each of them alone.
  virtual bool separable() const = 0;
};

/// F at the cell centres. Throws InvalidValue where no cell centre lies in the domain of F, or F is NaN.
Field nonsmooth_field(const Grid& grid, const Nonsmooth& F);

/// exp(-V - F)/Z on a grid, of mass one; V null for 0. Zero where F is infinite. Throws InvalidValue where V is not
/// finite at a cell centre.
Field gibbs_density(const Potential* V, const Nonsmooth& F, const Grid& grid);

}  // namespace wpg
