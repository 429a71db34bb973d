#pragma once
#include "simd.hpp"

namespace wpg {

/// Of a cell and a direction e: the excess e.S e - 1 of the conditional covariance S = I + epsilon grad^2 log q there,
/// and the smaller one of the two neighbours in that direction.
struct Ridge {
  Pack curvature;
  Pack beside;

  /// What the neighbours share: part of S.
  Pack resolved() const { return min(curvature, max(beside, Pack{})); }
  /// The rest, between sources that the grid tells apart: the logarithm of how much likelier mass here comes from the
  /// near source than from the one beyond the seam. With sources that are J cells apart, seen from t cells before the
  /// seam, second differences of log q = log(1 + e^{J t}) are J (1 - t) and J t in the cells on either side: a cell's
  /// log-odds are the other's excess. Where the ridge is partly resolved they mean less.
  Pack log_odds() const { return max(curvature - beside - 2.0 * max(beside, Pack{}), Pack{}); }
};

/// By how much a ridge that both ends of a link see resists beyond what the tensor of one end, `seen`, accounts for.
inline Pack resistance(const Ridge& a, const Ridge& b, Pack seen) {
  const Pack shared = max(min(a.curvature, b.curvature), Pack{});
  return max((1.0 + shared) / (1.0 + seen), broadcast(1.0));
}

/// Log-odds from which on a ridge is a seam.
constexpr double log_odds_of_seam = 2.0;

inline bool any_seam(const Ridge& a, const Ridge& b) {
  return any_at_least(max(a.log_odds(), b.log_odds()), broadcast(log_odds_of_seam));
}

/// The conductivity, in units of that of S = I, which a link that crosses a seam has at most. Mass goes from cell to
/// cell by way of a source that both have, p_a p_b + (1 - p_a)(1 - p_b) with p the likelihood of one source, and in one
/// hop, however far the hops on either side go, which make T large beyond an edge: without this bound leaks through
/// seams were the slowest modes of images. Infinite where there is no seam.
inline Pack seam_conductivity(const Ridge& a, const Ridge& b) {
  const Pack odds_a = a.log_odds(), odds_b = b.log_odds();
  const Pack far_a = exp(-odds_a), far_b = exp(-odds_b);
  const Pack crossing = 2.0 * (far_a + far_b) / ((1.0 + far_a) * (1.0 + far_b));
  return max(odds_a, odds_b) < log_odds_of_seam ? broadcast(1e300) : crossing;
}

}  // namespace wpg
