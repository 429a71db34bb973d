#pragma once
#include "simd.hpp"

namespace wpg {

/// A ridge of log q between sources: of a cell and a direction e, the excess e.S e - 1 of the conditional covariance
/// S = I + epsilon grad^2 log q there, and the smaller one of the two neighbours in that direction.
struct Ridge {
  Pack curvature;
  Pack beside;

  /// What the neighbours share: part of S.
  Pack resolved() const { return min(curvature, max(beside, Pack{})); }
  /// The rest, between sources that the grid tells apart. It means less where the ridge is partly resolved.
  Pack sharp() const { return max(curvature - beside - 2.0 * max(beside, Pack{}), Pack{}); }
};

/// By how much a ridge that both ends of a link see resists beyond what the tensor of one of them, with an excess of
/// `seen`, accounts for.
inline Pack resistance(const Ridge& a, const Ridge& b, Pack seen) {
  const Pack shared = max(min(a.curvature, b.curvature), Pack{});
  return max((1.0 + shared) / (1.0 + seen), broadcast(1.0));
}

/// The sharp part of a ridge from which on it is a seam.
constexpr double sharp_seam = 1.0;

inline bool any_seam(const Ridge& a, const Ridge& b) {
  return any_at_least(max(a.sharp(), b.sharp()), broadcast(sharp_seam));
}

/// What a seam at one of its ends leaves of a link's conductivity, which must not be above that of S = I there: from
/// one side to the other mass goes in single hops, by way of cells that both sources reach, however far the hops within
/// either side go, which make T up to 250. Without that bound the slowest modes of images were differences across
/// seams. Infinite where there is no seam.
inline Pack seam_share(const Ridge& a, const Ridge& b) {
  const Pack sharp_a = a.sharp(), sharp_b = b.sharp();
  return max(sharp_a, sharp_b) < sharp_seam ? broadcast(1e300) : 1.0 / (1.0 + min(sharp_a, sharp_b));
}

}  // namespace wpg
