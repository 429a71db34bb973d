#pragma once
#include <memory>

#include "wpg/field.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// What a pushforward did to the mass, all as fractions of the total mass.
struct TransportReport {
  double clamped_mass = 0.0;  ///< mass that the map would carry out of the box, kept in the outermost cells
  double limited_mass = 0.0;  ///< mass moved by the positivity limiter
};

/// The semi-Lagrangian pushforward of densities by T = I - gamma grad V on a grid: conservative, positive, high order
/// and free of splitting error, because T is the gradient of a convex function and factorises into one
/// monotone map per axis. The preimages of all cell faces are found once, on construction.
class Pushforward {
 public:
  /// Requires gamma < 1/L on the grid, so that every axis map is monotone; throws InvalidValue("gamma", ...) otherwise.
  Pushforward(const Grid& grid, const Potential& potential, double gamma);
  ~Pushforward();
  Pushforward(Pushforward&&) noexcept;

  /// nu = T_# mu; `mu` and `nu` may be the same field.
  TransportReport apply(const Field& mu, Field& nu) const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace wpg
