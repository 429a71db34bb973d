#pragma once
#include <vector>

#include "wpg/nonsmooth.hpp"

namespace wpg {

/// What the proximal gradient map does along one axis of a grid: with V on a line, without V for any separable F.
class ProxAxis {
 public:
  /// V null: the proximal map alone.
  ProxAxis(const Grid& grid, int axis, const Potential* V, const Nonsmooth& F, double gamma);

  /// The preimage of a face: the stretch that the map takes to it, from `first` to `last`, in cells from the start of
  /// the line. One point but where mass collapses onto the face.
  struct Preimage {
    double first = 0.0;
    double last = 0.0;
  };
  /// Of all faces, cells + 1 of them.
  std::vector<Preimage> preimages() const;
  /// The cells [begin, end) whose centres lie in the domain of F along this axis, which is convex.
  Index begin() const { return begin_; }
  Index end() const { return end_; }

 private:
  Preimage preimage(Index face) const;
  double image(double x) const;
  double first_at(double level) const;
  bool in_domain(Index cell) const;

  const Potential* V_;
  const Nonsmooth& F_;
  Axis axis_;
  int k_;
  double gamma_;
  Point base_;  ///< a point in the domain of F, for the other coordinates
  Index begin_, end_;
};

}  // namespace wpg
