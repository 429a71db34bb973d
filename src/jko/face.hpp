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
  const Pack e = exp(-x);
  const Pack series = 1.0 - x * (1.0 / 2 - x * (1.0 / 12));
  const Pack smaller = x < 0.03 ? series : x * e / (1.0 - e);
  return {smaller + max(jump, Pack{}), smaller + max(-jump, Pack{})};
}

}  // namespace wpg
