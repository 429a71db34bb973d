#pragma once
#include "simd.hpp"

namespace wpg {

/// How strongly two neighbouring cells i and j see each other, over the conductivity of their face.
struct FaceWeights {
  Pack from_i;  ///< the coefficient of z_j - z_i in row i
  Pack from_j;  ///< and of z_i - z_j in row j
};

/// Weights of (1/rho) div(rho grad .) at the face between cells whose log rho jumps by `jump` from i to j: B(-jump) and
/// B(jump) with B(x) = x/(e^x - 1) (Scharfetter, Gummel 1969). They are exact where log rho is linear, however steep,
/// and no cell's flux exceeds what a dip of rho beside it lets through, as means of rho would have it.
inline FaceWeights face_weights(Pack jump) {
  jump = max(min(jump, broadcast(1e4)), broadcast(-1e4));  // log rho may be -infinity
  const Pack x = max(jump, -jump);
  // Where log rho is smooth, which is nearly everywhere, no exponential is needed: the next term is x^10 / 47900160.
  const Pack largest_of_series = broadcast(0.3);
  const Pack x2 = x * x;
  const Pack even = 1.0 / 12 - x2 * (1.0 / 720 - x2 * (1.0 / 30240 - x2 * (1.0 / 1209600)));
  Pack smaller = 1.0 - x * (1.0 / 2 - x * even);
  if (any_at_least(x, largest_of_series)) {
    const Pack e = exp(-x);
    smaller = x < largest_of_series ? smaller : x * e / (1.0 - e);
  }
  return {smaller + max(jump, Pack{}), smaller + max(-jump, Pack{})};
}

}  // namespace wpg
