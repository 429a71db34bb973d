#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "wpg/energy.hpp"
#include "wpg/field.hpp"
#include "wpg/nonsmooth.hpp"
#include "wpg/potential.hpp"

namespace wpg {

class Network;

/// Mean and covariance of a Gaussian, in the grid's dimension.
struct Gaussian {
  Point mean;
  Tensor covariance;
};

/// What is to be minimised, and from where: G(mu) = integral of V + F dmu + H(mu) on a grid, or the sum of `energies`
/// where there are any.
struct Problem {
  Grid grid;
  std::shared_ptr<const Potential> potential;  ///< null for V = 0
  Curvature curvature;                         ///< of the potential, measured on the grid
  Field initial;                               ///< density of mass one
  std::optional<Field> target;  ///< exp(-V-F)/Z on the grid; absent for V + F = 0 on a free axis, or another minimiser

  /// Where the problem is Gaussian, its two ends in closed form.
  std::optional<Gaussian> gaussian_initial;
  std::optional<Gaussian> gaussian_target;

  /// What the initial density, as it was specified, was multiplied by to have mass one.
  double initial_factor = 1.0;

  /// The terms of G where it is not the sum of H, the potential and the nonsmooth energy; empty otherwise. The entropy,
  /// if it is one of them, is the first, the nonsmooth energy the last.
  std::vector<std::shared_ptr<const Energy>> energies{};
  /// The network among them, where there is one.
  std::shared_ptr<const Network> network{};

  /// F, the part of the potential that has no gradient and belongs to the proximal step; null for F = 0.
  std::shared_ptr<const Nonsmooth> nonsmooth{};
};

}  // namespace wpg
