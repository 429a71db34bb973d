#pragma once
#include <memory>
#include <optional>

#include "wpg/field.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// Mean and covariance of a Gaussian, in the grid's dimension.
struct Gaussian {
  Point mean;
  Tensor covariance;
};

/// What is to be minimised, and from where: G(mu) = integral of V dmu + H(mu) on a grid.
struct Problem {
  Grid grid;
  std::shared_ptr<const Potential> potential;  ///< null for V = 0
  Curvature curvature;                         ///< of the potential, measured on the grid
  Field initial;                               ///< density of mass one
  std::optional<Field> target;                 ///< exp(-V)/Z on the grid; absent for V = 0 on a free axis

  /// Where the problem is Gaussian, its two ends in closed form.
  std::optional<Gaussian> gaussian_initial;
  std::optional<Gaussian> gaussian_target;

  /// What the initial density, as it was specified, was multiplied by to have mass one.
  double initial_factor = 1.0;
};

}  // namespace wpg
