#pragma once
#include <array>

#include "jko/directions.hpp"
#include "simd.hpp"

namespace wpg {

/// A symmetric matrix of two rows.
struct Symmetric {
  Pack xx, xy, yy;
};

/// Conductivities along the four directions e, in units of cells, that sum with e e^T to a tensor in the same units. A
/// third of what its axes have in common goes to the diagonals (the isotropic nine-point Laplacian); its mixed entry is
/// cut where it exceeds the smaller diagonal one, so that none is negative.
inline std::array<Pack, 4> nine_point(const Symmetric& t) {
  const Pack limit = min(t.xx, t.yy);
  const Pack xy = max(min(t.xy, limit), -limit), size = max(xy, -xy);
  const Pack common = (1.0 / 3) * (limit - size);
  std::array<Pack, 4> along;
  along[east] = t.xx - size - common;
  along[north] = t.yy - size - common;
  along[northeast] = max(xy, Pack{}) + 0.5 * common;
  along[northwest] = max(-xy, Pack{}) + 0.5 * common;
  return along;
}

}  // namespace wpg
