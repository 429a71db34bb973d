#include "jko/cycle.hpp"
#include "jko/faces.hpp"
#include "jko/odd_seam.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Stands in for a divisor that vanishes: couplings are at least 1e-38 or zero.
constexpr double tiny = 1e-100;

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

/// A coarse link's couplings as seen from its two coarse cells.
struct Coupling {
  Pack ahead{};
  Pack back{};

  void operator+=(const Coupling& other) {
    ahead += other.ahead;
    back += other.back;
  }
};

/// The fine links of one direction.
struct Chains {
  const Bfloat16* forward;
  const Bfloat16* backward;
  const float* share;

  /// The link from p to n, in series with the parts of the links behind p and ahead of n that lie between the coarse
  /// cells' centres of mass. `inner_p` and `inner_n` are the cells that those links come from and lead to.
  Coupling straight(Index inner_p, Index p, Index n, Index inner_n) const {
    const Pack share_p = load(share + p), share_n = load(share + n);
    const Pack behind = load(share + inner_p), ahead = load(share + inner_n);
    const Pack f = load(forward + p), b = load(backward + n);
    const Pack resistance = 1.0 + behind * f / ((behind + share_p) * load(backward + p) + tiny) +
                            ahead * b / ((ahead + share_n) * load(forward + n) + tiny);
    return {share_p * f / resistance, share_n * b / resistance};
  }

  /// Half the two links p to m to n in series; the other half belongs to the parallel pair of coarse cells.
  Coupling bent(Index p, Index m, Index n) const {
    const Pack f = load(forward + m), b = load(backward + m);
    const Pack half = 0.5 / (f + b + tiny);
    return {half * load(share + p) * load(forward + p) * f, half * load(share + n) * load(backward + n) * b};
  }
};

/// The coarse links of cells [k, k + lanes) of row j. Fine cells: a, b in the even row, c, d in the odd one.
Coupling coarse_link(const Stencil& fine, Direction direction, Index k, Index j) {
  const Chains chains = {fine.forward[direction].data(), fine.backward[direction].data(), fine.share.data()};
  const Index a = fine.at(0, k, 2 * j), b = fine.at(1, k, 2 * j);
  const Index c = fine.at(0, k, 2 * j + 1), d = fine.at(1, k, 2 * j + 1);
  const Index up = fine.row_begin(2) - fine.row_begin(0);
  Coupling sum;
  switch (direction) {
    case east:
      sum = chains.straight(a, b, a + 1, b + 1);
      sum += chains.straight(c, d, c + 1, d + 1);
      break;
    case north:
      sum = chains.straight(a, c, a + up, c + up);
      sum += chains.straight(b, d, b + up, d + up);
      break;
    case northeast:
      sum = chains.straight(a, d, a + up + 1, d + up + 1);
      sum += chains.bent(b, c + 1, b + up + 1);
      sum += chains.bent(c, b + up, c + up + 1);
      break;
    case northwest:
      sum = chains.straight(b, c, b + up - 1, c + up - 1);
      sum += chains.bent(a, d - 1, a + up - 1);
      sum += chains.bent(d, a + up, d + up - 1);
      break;
  }
  return sum;
}

void coarsen_row(const Stencil& fine, Index j, Stencil& coarse) {
  thread_local Faces faces;
  faces.prepare(coarse.columns);
  for (Index k = 0; k < coarse.columns; k += lanes) {
    for (const Direction d : directions) {
      const Coupling coupling = coarse_link(fine, d, k, j);
      faces.set(d, k + 1, coupling.ahead, coupling.back);
    }
  }
  couple_odd_seams(fine, j, coarse.columns, faces);
  faces.close_ends(coarse.columns, coarse.periodic[0]);
  faces.store_into(coarse, j);
}

/// A periodic axis of one cell would couple it to itself.
void uncouple(Stencil& s) {
  const auto clear = [&](Direction d) {
    std::fill(s.forward[d].begin(), s.forward[d].end(), Bfloat16(0.0F));
    std::fill(s.backward[d].begin(), s.backward[d].end(), Bfloat16(0.0F));
  };
  if (s.columns == 1) clear(east);
  if (s.rows == 1) clear(north);
}

void continue_couplings(Stencil& s) {
  for (const Direction d : directions) {
    s.continue_ahead(s.forward[d]);
    s.continue_ahead(s.backward[d]);
  }
}

}  // namespace

void coarsen(Stencil& fine, Stencil& coarse) {
  parallel_sweep(coarse.rows, fine.columns * fine.rows, [&](Index j) {
    for (Index k = 0; k < coarse.columns; k += Index{2} * lanes) {
      const Pack low_rho = divide_masses(fine, k, j);
      const Pack high_rho = divide_masses(fine, k + lanes, j);
      store_apart(coarse.log_rho, coarse, j, k, low_rho, high_rho);
    }
  });
  fine.continue_ahead(fine.share);
  continue_couplings(fine);
  parallel_sweep(coarse.rows, fine.columns * fine.rows, [&](Index j) { coarsen_row(fine, j, coarse); });
  uncouple(coarse);
}

}  // namespace wpg
