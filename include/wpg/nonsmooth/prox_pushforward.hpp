#pragma once
#include <vector>

#include "wpg/nonsmooth.hpp"
#include "wpg/transport.hpp"
#include "wpg/transport/axis_remap.hpp"

namespace wpg {

/// The proximal gradient step of G(mu) = integral of V + F dmu, without entropy: the pushforward by
/// C = prox_{gamma F} o (I - gamma grad V), or by the proximal map alone, which is the backward step
/// argmin integral of F dmu + W2^2(mu, nu)/(2 gamma).
///
/// C is not injective, so mass collapses onto faces, lines and points, and what follows is what a grid can say of such
/// singular parts: a value is the mass of its cell over the cell's volume (of a smooth density the value at the centre,
/// up to h^2/24 of its second derivative), and masses are conserved to rounding. Both maps are applied at once, from
/// cells to cells. Remapped one after the other, mass that stays at a fixed point would be carried to and fro, and
/// spread a little each time.
///
/// On a line, and axis by axis for a separable F without V, by the conservative remap of the forward step
/// (transport/axis_remap.hpp; masses of cells are of sixth order where density and map are smooth): a cell takes all
/// that lies between the preimages of its faces. A stretch whose image is a point so goes into the cell that holds the
/// point. Where the point is a face, either neighbour gets half: the mean is exact and mirror images stay mirror
/// images. The cell of a fixed point of C is mapped into itself, so an atom that stays does not spread at all, whatever
/// gamma and h.
///
/// Elsewhere every cell's mass goes to its centre's image, split among the 2^d nearest cell centres with linear
/// weights, which keeps the mean; the variance that this adds, at most h^2/4 per axis, is taken back by a
/// limited antidiffusion, as far as no cell loses more than half of its mass (compare Boris, Book 1973): of second
/// order where density and map are smooth. Because C expands no distances no gaps open. An atom at a cell centre that
/// stays does not spread; elsewhere it covers the few nearest cells.
///
/// An atom on the move is smeared over a few cells until it comes to rest: over a way of 130 cells, to a standard
/// deviation of about 2 h on a line and 3 h in the plane. Beyond
/// the outermost cells whose centres lie in the domain of a separable F there is no mass: an atom on their faces
/// belongs to the cell inside.
class ProxPushforward {
 public:
  /// V null: the proximal map alone. V and F are needed only here. Throws InvalidValue for gamma not positive or, on a
  /// line, not below 1/L; for a periodic axis ("boundary"), and for an F neither separable nor finite everywhere.
  ProxPushforward(const Grid& grid, const Potential* V, const Nonsmooth& F, double gamma);

  /// rho = C_# rho. Reports what a pushforward does.
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

  void plan_sweeps(const Potential* V, const Nonsmooth& F, double gamma);
  void plan_deposits(const Potential* V, const Nonsmooth& F, double gamma);
  TransportReport sweep(Field& rho);
  TransportReport deposit(Field& rho);
  void spread(const Deposit& to, double mass);
  double sharpen(int axis);

  Grid grid_;
  std::vector<Sweep> sweeps_;
  std::vector<Deposit> deposits_;
  Values work_;
  std::vector<Values> variances_;  ///< that a deposit adds, in squared spacings, one field per axis
};

}  // namespace wpg
