#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "wpg/field.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// What a pushforward did to the mass, all as fractions of the total mass.
struct TransportReport {
  /// Mass that the map would carry out of the box, kept in the outermost cells; summed over the axes, so mass that
  /// leaves past a corner counts once for each.
  double clamped_mass = 0.0;
  /// Estimate of the mass that the limiters moved, summed over the axes.
  double limited_mass = 0.0;
  /// Of an explicit step, whose map depends on the density: the pushforwards that it took, and the largest rate at
  /// which its velocity brings neighbouring points together.
  int substeps = 0;
  double compression = 0.0;
  std::vector<double> parts = {};  ///< the lengths of those pushforwards, in time
};

/// A strictly monotone map T: R^d -> R^d (the symmetric part of its Jacobian is positive definite), as the gradient of
/// a strictly convex function is. Immutable, and safe to evaluate from several threads.
class GradientMap {
 public:
  virtual ~GradientMap() = default;

  virtual Point value(const Point& x) const = 0;
  virtual Tensor jacobian(const Point& x) const = 0;
};

/// T(x) = x - gamma grad V(x), a gradient map where gamma < 1/L. Keeps a reference to the potential.
class ForwardMap final : public GradientMap {
 public:
  ForwardMap(const Potential& potential, double gamma) : potential_(potential), gamma_(gamma) {}

  Point value(const Point& x) const override { return x - gamma_ * potential_.gradient(x); }
  Tensor jacobian(const Point& x) const override {
    return Tensor::Identity(x.size(), x.size()) - gamma_ * potential_.hessian(x);
  }

 private:
  const Potential& potential_;
  double gamma_;
};

/// The semi-Lagrangian pushforward of densities by T = I - gamma grad V, or by another gradient map, on a grid.
/// T factorises exactly into one monotone map per axis (a Knothe-Rosenblatt rearrangement: first along x with y fixed,
/// then along y with the new x fixed), so successive conservative remaps of lines have no splitting error. Each remap
/// is conservative to rounding, nonnegative and of sixth order where the density is smooth (transport/axis_remap.hpp).
/// The preimages of all cell faces are found once, on construction. Mass that T would carry out of the box through a
/// reflecting or free end stays in the outermost cells and is reported; along periodic axes it wraps.
class Pushforward {
 public:
  /// Requires 0 < gamma < 1/L over the cell centres and corners of the grid, so that every axis map is monotone; throws
  /// InvalidValue("gamma", ...) otherwise, and InvalidValue("boundary", ...) where an axis is periodic and grad V is
  /// not.
  Pushforward(const Grid& grid, const Potential& potential, double gamma);
  /// Throws InvalidValue("map", ...) where the map is not strictly monotone. `map` is needed only here.
  Pushforward(const Grid& grid, const GradientMap& map);
  ~Pushforward();
  Pushforward(Pushforward&&) noexcept;

  /// nu = T_# mu; `mu` and `nu` may be the same field. Throws InvalidValue unless the mass of mu is positive and
  /// finite.
  TransportReport apply(const Field& mu, Field& nu) const;

  /// Bytes of the stored preimages: 8 d (N + lines), rounded up to full tiles of lines.
  std::size_t memory() const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace wpg
