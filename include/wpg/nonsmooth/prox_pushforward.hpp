#pragma once
#include <vector>

#include "wpg/nonsmooth.hpp"
#include "wpg/transport.hpp"
#include "wpg/transport/axis_remap.hpp"

namespace wpg {

/// The backward step of G(mu) = integral of F dmu alone, argmin G(mu) + W2^2(mu, nu)/(2 gamma): the pushforward of nu
/// by the proximal map of F. That map is not injective, so mass collapses onto faces, lines and points, and what
/// follows is what the grid can say of such singular parts: the mass of the cell that holds the image point, conserved
/// to rounding.
///
/// A separable F is swept axis by axis by conservative remaps (transport/axis_remap.hpp), exactly as the forward step
/// is, with the preimages of the faces under the map's monotone factors. A cell takes all that lies between the
/// preimages of its faces, so that a stretch whose image is a point goes into the cell that holds the point; where the
/// point is a face, either neighbour gets half (the mean is exact and mirror images stay mirror images). Beyond the
/// first and last cell whose centre lies in the domain of F there is no mass: an atom on that face belongs to the cell
/// inside. An atom is thus known up to half a cell, and exactly where it lies at a cell centre or, in the mean, at a
/// face.
///
/// For any other F every cell's mass goes to its centre's image, split among the 2^d nearest cell centres with linear
/// weights: the mean of a part is exact, its variance grows by at most h^2/4 per axis. Because a proximal map expands
/// no distances, no gaps open. Of second order where the map is smooth.
///
/// An atom that stays where it is (its drift in the forward step is below gamma times the threshold) is collected anew
/// at every step and does not spread over more cells; one that moves is smeared as by a first-order upwind scheme,
/// about sqrt(distance h), until it comes to rest.
class ProxPushforward {
 public:
  /// Throws InvalidValue for gamma not positive, for a periodic axis ("boundary"), and for an F that is neither
  /// separable nor finite everywhere.
  ProxPushforward(const Grid& grid, const Nonsmooth& F, double gamma);

  /// rho = prox_# rho. limited_mass as a pushforward's; clamped_mass stays 0 unless the map leads out of the grid.
  TransportReport apply(Field& rho);

  std::size_t memory() const;

 private:
  /// Remaps along one axis. Where a face is an atom's place, there are two, by which it goes to either side.
  struct Sweep {
    std::vector<transport::AxisRemap> sides;
  };
  /// Where the mass of a cell goes: a cell, and the share of the next one along each axis.
  struct Deposit {
    Index cell = 0;
    double share[3] = {0.0, 0.0, 0.0};
    bool outside = false;  ///< the image lies outside the grid; its mass is kept in the outermost cells
  };

  void plan_sweeps(const Nonsmooth& F, double gamma);
  void plan_deposits(const Nonsmooth& F, double gamma);
  TransportReport sweep(Field& rho);
  TransportReport deposit(Field& rho);

  Grid grid_;
  std::vector<Sweep> sweeps_;
  std::vector<Deposit> deposits_;
  Values work_;
};

}  // namespace wpg
