#include <cmath>

#include "jko/conductivity.hpp"
#include "jko/ridge.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// The largest eigenvalue of S from which on mass counts as compressed, and the sharp part of a ridge, of the cell or
/// one beside it, that makes it a seam's: smooth compression, as at walls, the targets' own S describes as well. Counts
/// differ by less than one per cent between 1.5 and 4, and between 0.3 and 2.
constexpr double compressed = 2.0, sharp_cell = 0.5;
/// Cells that are given less than this share of their mass keep the tensor of their own: their sources are too few.
/// Counts hardly depend on it between 0.3 and 0.8.
constexpr double fair_share = 0.7;

}  // namespace

/// Whether the cells, or those beside them, have a ridge across a direction that is sharp.
PackBits Conductivity::beside_seam(Index i, Index j) const {
  Pack largest{};
  for (const Direction d : directions) {
    for (const Index step : {-1, 0, 1}) {
      const Index row = j + step * rows_ahead[d], first = i + step * columns_ahead[d];
      largest =
          max(largest, Ridge{load(curvature_.along(d).row(row) + first), load(beside_[d].row(row) + first)}.sharp());
    }
  }
  return largest > sharp_cell;
}

void Conductivity::find_compressed(Index j) {
  const double hx = grid_.axis(0).spacing(), hy = grid_.axis(1).spacing();
  const double mixed = 0.25 * (hx * hx + hy * hy) / (hx * hy);
  for (Index i = 0; i < grid_.axis(0).cells; i += lanes) {
    const auto along = [&](Direction d) { return load(curvature_.along(d).row(j) + i); };
    const Pack xx = along(east), yy = along(north), xy = mixed * (along(northeast) - along(northwest));
    const Pack half = 0.5 * (xx - yy);
    const Pack largest = 1.0 + 0.5 * (xx + yy) + sqrt(half * half + xy * xy);
    const PackBits large = largest > compressed;
    const bool any = any_at_least(largest, broadcast(compressed));
    store(given_.row(j) + i, any ? (large & beside_seam(i, j) ? broadcast(1.0) : Pack{}) : Pack{});
  }
}

void Conductivity::take_row(double log_unit, const Values& log_rho, const Values& trust, Index j) {
  const Index n = grid_.axis(0).cells;
  const double log_share = std::log(fair_share * grid_.cell_volume()) - log_unit;
  for (Index i = 0; i < n; i += lanes) {
    float* const flags = given_.row(j) + i;
    if (!any_at_least(load(flags), broadcast(1.0))) continue;
    const auto [mass, xx, xy, yy] = given_tensor_.from(j * n + i, n - i);
    const Pack least = exp(load_some(log_rho.data() + j * n + i, n - i, 0.0) + log_share);
    const PackBits taken = (load(flags) > 0.0) & (mass > least) & (mass > 0.0);
    const Pack scale =
        1.0 / (epsilon_ * max(mass, broadcast(1e-300)) * load_some(trust.data() + j * n + i, n - i, 1.0));
    const std::array<Pack, 4> own = nine_point({scale * xx, scale * xy, scale * yy});
    for (const Direction d : directions) {
      float* const cells = own_[d].row(j) + i;
      store(cells, taken ? own[d] : load(cells));
    }
    store(flags, taken ? broadcast(1.0) : Pack{});
  }
}

void Conductivity::take_given(const SourceSide& source, const Values& log_rho, const Values& trust) {
  const Index rows = grid_.axis(1).cells;
  parallel_sweep(rows, grid_.size(), [&](Index j) { find_compressed(j); });
  if (!near_.update(given_)) return;
  given_tensor_.update(source.log_gv, source.log_mass, source.log_largest, &near_);
  parallel_sweep(rows, grid_.size(), [&](Index j) { take_row(source.log_largest, log_rho, trust, j); });
  for (Bordered& field : own_) field.fill_border();
  given_.fill_border();
}

}  // namespace wpg
