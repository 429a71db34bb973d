#pragma once
#include "jko/stencil.hpp"

namespace wpg {

/// What a plain step and a screened Poisson equation leave out of Newton's correction at short waves.
///
/// With x = epsilon k.Tk of a mode, and where kappa is near 1, the exact correction of a residual is (1 - kappa) times
/// 1/(1 - e^-x) = 1/x + 1/2 + x/12 - ..., which tends to 1. The equation gives 1/x', x' of the grid's Laplacian. That
/// is the smaller of the two, by x k^2 h^2/12 to leading order: where sources are compressed (T < 1) the equation
/// over-corrects short waves, by twice and more, and where they expand a plain share between 1/2 and 1 is due. In terms
/// of the cell's couplings alone, D their sum (10/3 T for isotropic T and epsilon = h^2) and r' the mean of the
/// neighbours' r, the missing part is
///
///     0.23 min(1, D) (r - r') - min(1.1, 0.68 / sqrt(D)) r
///
/// beside a plain share of 0.82: for isotropic T the sum is within -10 % and +7 % of the exact factor for T from 0.5 to
/// 3, where the plain share alone is between -12 % and +32 %, and within -18 % and +18 % for all larger T. On a line
/// the factors are those of the same T. Steps take 6 % fewer pairs for it (Gaussians and bumps, 128^2 to 512^2,
/// gamma/epsilon 100 and 1000).
struct ShortWaves {
  static constexpr double least = 1e-6;  ///< D of a cell that has hardly a link

  double unit;  ///< the couplings' factor, gamma'/epsilon + 1

  /// At the cells from p on; neighbours' places in the stencil as of Stencil::forward_offsets().
  Pack at(const Stencil& s, Index p, const std::array<Index, 4>& forward, const std::array<Index, 4>& backward) const {
    Pack total{}, neighbours{};
    for (std::size_t d = 0; d < 4; ++d) {
      const Pack ahead = load(s.forward[d].data() + p), behind = load(s.backward[d].data() + p);
      total += ahead + behind;
      neighbours += ahead * load(s.right.data() + p + forward[d]) + behind * load(s.right.data() + p + backward[d]);
    }
    return of(load(s.right.data() + p), neighbours, total, 0.23);
  }
  /// Of a residual r, given the sum of its couplings and that of their products with the neighbours' residuals.
  Pack of(Pack r, Pack neighbours, Pack total, double slope) const {
    const Pack inverse = 1.0 / max(total, broadcast(least * unit));
    const Pack mean = inverse * neighbours;
    return slope * min(broadcast(1.0), (1.0 / unit) * total) * (r - mean) -
           min(broadcast(1.1), 0.68 * sqrt(unit * inverse)) * r;
  }
};

}  // namespace wpg
