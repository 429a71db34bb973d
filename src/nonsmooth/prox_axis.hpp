#pragma once
#include <vector>

#include "wpg/nonsmooth.hpp"

namespace wpg {

/// What the proximal map of a separable F does along one axis of a grid.
class ProxAxis {
 public:
  ProxAxis(const Grid& grid, int axis, const Nonsmooth& F, double gamma);

  /// The preimage of a face: the stretch that the map takes to it, from `first` to `last`, in cells from the start of
  /// the line. One point but where mass collapses onto the face.
  struct Preimage {
    double first = 0.0;
    double last = 0.0;
  };
  /// Of all faces, cells + 1 of them.
  const std::vector<Preimage>& preimages() const { return preimages_; }
  /// Whether mass collapses onto a face that has a cell on either side for it.
  bool splits() const { return splits_; }

 private:
  double image(double x) const;
  /// The smallest x in the box whose image is at least `level` (upper end if there is none).
  double first_at(double level) const;
  void find_domain(Index& begin, Index& end) const;

  const Nonsmooth& F_;
  Axis axis_;
  int k_;
  double gamma_;
  Point base_;  ///< a point in the domain of F, for the other coordinates
  std::vector<Preimage> preimages_;
  bool splits_ = false;
};

}  // namespace wpg
