#include <algorithm>

#include "jko/multigrid.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// The four fine cells of the coarse cells [k, k + lanes) of coarse row j, and their shares of the coarse masses.
struct Children {
  Index a, b, c, d;  ///< even and odd column of the even row; even and odd column of the odd row
  Pack share_a, share_b, share_c, share_d;
};

Children children(const Stencil& fine, Index k, Index j) {
  Children at{
      fine.at(0, k, 2 * j), fine.at(1, k, 2 * j), fine.at(0, k, 2 * j + 1), fine.at(1, k, 2 * j + 1), {}, {}, {}, {}};
  at.share_a = load(fine.share.data() + at.a);
  at.share_b = load(fine.share.data() + at.b);
  at.share_c = load(fine.share.data() + at.c);
  at.share_d = load(fine.share.data() + at.d);
  return at;
}

/// Shares of the fine cells in the coarse cells' masses; returns the coarse log rho (up to the volume).
Pack divide_masses(Stencil& fine, Index k, Index j) {
  const Index at[4] = {fine.at(0, k, 2 * j), fine.at(1, k, 2 * j), fine.at(0, k, 2 * j + 1), fine.at(1, k, 2 * j + 1)};
  Pack value[4];
  Pack top = broadcast(-1e300);
  for (int n = 0; n < 4; ++n) {
    value[n] = max(load(fine.log_rho.data() + at[n]), broadcast(-1e300));
    top = max(top, value[n]);
  }
  Pack total{};
  for (Pack& v : value) total += v = exp(v - top);
  for (int n = 0; n < 4; ++n) store(fine.share.data() + at[n], value[n] / total);
  return top + log(total);
}

struct Couplings {
  Pack forward[4], backward[4];
};

/// Galerkin's sums over the fine faces between two coarse cells, with half their couplings.
Couplings coarse_couplings(const Stencil& fine, const Children& at) {
  const auto f = [&](Stencil::Direction d, Index p) { return load(fine.forward[d].data() + p); };
  const auto g = [&](Stencil::Direction d, Index p) { return load(fine.backward[d].data() + p); };
  const Pack a = 0.5 * at.share_a;
  const Pack b = 0.5 * at.share_b;
  const Pack c = 0.5 * at.share_c;
  const Pack d = 0.5 * at.share_d;
  using enum Stencil::Direction;
  return {{b * (f(east, at.b) + f(northeast, at.b)) + d * (f(east, at.d) + g(northwest, at.d)),
           c * (f(north, at.c) + f(northeast, at.c)) + d * (f(north, at.d) + f(northwest, at.d)),
           d * f(northeast, at.d), c * f(northwest, at.c)},
          {a * (g(east, at.a) + f(northwest, at.a)) + c * (g(east, at.c) + g(northeast, at.c)),
           a * (g(north, at.a) + g(northwest, at.a)) + b * (g(north, at.b) + g(northeast, at.b)),
           a * g(northeast, at.a), b * g(northwest, at.b)}};
}

/// A periodic axis of one cell would couple it to itself.
void uncouple(Stencil& s) {
  const auto clear = [&](Stencil::Direction d) {
    std::fill(s.forward[d].begin(), s.forward[d].end(), 0.0F);
    std::fill(s.backward[d].begin(), s.backward[d].end(), 0.0F);
  };
  if (s.columns == 1) clear(Stencil::east);
  if (s.rows == 1) clear(Stencil::north);
}

}  // namespace

void coarsen(Stencil& fine, Stencil& coarse) {
  parallel_sweep(coarse.rows, fine.columns * fine.rows, [&](Index j) {
    for (Index k = 0; k < coarse.columns; k += 2 * lanes) {
      const Pack low_rho = divide_masses(fine, k, j);
      const Pack high_rho = divide_masses(fine, k + lanes, j);
      store_apart(coarse.log_rho, coarse, j, k, low_rho, high_rho);
      const Couplings low = coarse_couplings(fine, children(fine, k, j));
      const Couplings high = coarse_couplings(fine, children(fine, k + lanes, j));
      for (int d = 0; d < 4; ++d) {
        store_apart(coarse.forward[static_cast<std::size_t>(d)], coarse, j, k, low.forward[d], high.forward[d]);
        store_apart(coarse.backward[static_cast<std::size_t>(d)], coarse, j, k, low.backward[d], high.backward[d]);
      }
    }
  });
  uncouple(coarse);
}

void restrict_right(const Stencil& fine, Stencil& coarse) {
  parallel_sweep(coarse.rows, fine.columns * fine.rows, [&](Index j) {
    const auto total = [&](Index k) {
      const Children at = children(fine, k, j);
      const auto r = [&](Index p) { return load(fine.right.data() + p); };
      return at.share_a * r(at.a) + at.share_b * r(at.b) + at.share_c * r(at.c) + at.share_d * r(at.d);
    };
    for (Index k = 0; k < coarse.columns; k += 2 * lanes) {
      store_apart(coarse.right, coarse, j, k, total(k), total(k + lanes));
    }
  });
}

void interpolate(const Stencil& coarse, Stencil& fine) {
  parallel_sweep(fine.rows, fine.columns * fine.rows, [&](Index j) {
    thread_local std::vector<double> row;
    const Index n = coarse.columns;
    if (static_cast<Index>(row.size()) < n + 6 * lanes) row.resize(static_cast<std::size_t>(n + 6 * lanes));
    double* const v = row.data() + 1;
    const Index near = j / 2;
    Index far = near + (j % 2 == 0 ? -1 : 1);
    if (!coarse.periodic[1]) far = std::clamp<Index>(far, 0, coarse.rows - 1);
    const auto blend = [&](int colour, Index k) {
      return 0.75 * load(coarse.z.data() + coarse.at(colour, k, near)) +
             0.25 * load(coarse.z.data() + coarse.at(colour, k, far));
    };
    for (Index i = 0; i < n; i += 2 * lanes) {
      Pack low, high;
      interleave(blend(0, i / 2), blend(1, i / 2), low, high);
      store(v + i, low);
      store(v + i + lanes, high);
    }
    v[-1] = coarse.periodic[0] ? v[n - 1] : v[0];
    v[n] = coarse.periodic[0] ? v[0] : v[n - 1];
    for (Index k = 0; k < n; k += lanes) {
      const Pack centre = 0.75 * load(v + k);
      store(fine.z.data() + fine.at(0, k, j), centre + 0.25 * load(v + k - 1));
      store(fine.z.data() + fine.at(1, k, j), centre + 0.25 * load(v + k + 1));
    }
  });
}

}  // namespace wpg
