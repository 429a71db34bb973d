#include "jko/conductivity.hpp"

#include "jko/ridge.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Beyond the edge of a source S vanishes along the normal: all mass there comes from the edge. A conductivity above
/// the inverse of this would only take the stencil's error in oblique directions along. Counts hardly depend on it
/// between 0.001 and 0.01.
constexpr double smallest_variance = 0.004;
/// Near walls and between sources S grows over several cells. With ten, corners that many sources share take two
/// evaluations more; from 30 to 1000 counts are the same.
constexpr double largest_variance = 30.0;

/// By how much S exceeds the smaller one of its neighbours on a steep ridge. With one instead of two one random problem
/// in thirty takes fewer evaluations, and up to a tenth more time.
constexpr double steep_ridge = 2.0;

/// The inverse, with the eigenvalues of s moved into [smallest_variance, largest_variance].
Symmetric inverse(const Symmetric& s, Pack trust) {
  const auto admissible = [](Pack value) {
    return min(max(value, broadcast(smallest_variance)), broadcast(largest_variance));
  };
  const Pack mean = 0.5 * (s.xx + s.yy);
  const Pack half = 0.5 * (s.xx - s.yy);
  const Pack radius = sqrt(half * half + s.xy * s.xy);
  const Pack small = admissible(mean - radius);
  const Pack large = admissible(mean + radius);
  const Pack scale = 0.5 / (small * large * trust);
  const Pack turn = scale * (small - large) / max(radius, broadcast(1e-300));
  const Pack centre = scale * (small + large);
  return {centre + turn * half, turn * s.xy, centre - turn * half};
}

/// Of the mixed difference taken along either diagonal, the smaller: beside a ridge of log q only one diagonal crosses.
Pack mixed(Pack along, Pack across, Pack pure) {
  const Pack a = 0.5 * (along - pure);
  const Pack b = 0.5 * (pure - across);
  return a * b > 0.0 ? (max(a, -a) < max(b, -b) ? a : b) : Pack{};
}

}  // namespace

Conductivity::Conductivity(const Grid& grid, double epsilon)
    : grid_(grid), curvature_(grid, epsilon), beside_(4, Bordered(grid)), own_(4, Bordered(grid)), doubt_(grid) {}

void Conductivity::row(const Values& trust, Index j) {
  const Index n = grid_.axis(0).cells;
  const double hx = grid_.axis(0).spacing();
  const double hy = grid_.axis(1).spacing();
  const double diagonal = hx * hx + hy * hy;
  const double per_xx = 1.0 / (hx * hx), per_xy = 1.0 / (hx * hy), per_yy = 1.0 / (hy * hy);
  for (Index i = 0; i < n; i += lanes) {
    const auto excess = [&](Direction d) {
      const Bordered& field = curvature_.along(d);
      const Pack beside = min(load(field.row(j - rows_ahead[d]) + i - columns_ahead[d]),
                              load(field.row(j + rows_ahead[d]) + i + columns_ahead[d]));
      store(beside_[d].row(j) + i, beside);
      return Ridge{load(field.row(j) + i), beside}.resolved();
    };
    const Pack xx = excess(east);
    const Pack yy = excess(north);
    const Pack xy = mixed(diagonal * excess(northeast), diagonal * excess(northwest), hx * hx * xx + hy * hy * yy);
    const Pack trusted = load_some(trust.data() + j * n + i, n - i, 1.0);
    const Symmetric t = inverse({1.0 + xx, per_xy * xy, 1.0 + yy}, trusted);
    store(doubt_.row(j) + i, per_xy / trusted);
    const std::array<Pack, 4> own = nine_point({per_xx * t.xx, per_xy * t.xy, per_yy * t.yy});
    for (const Direction d : directions) store(own_[d].row(j) + i, own[d]);
  }
}

void Conductivity::update(const Values& log_q, const Values& trust) {
  curvature_.update(log_q);
  parallel_sweep(grid_.axis(1).cells, grid_.size(), [&](Index j) { row(trust, j); });
  for (auto* fields : {&beside_, &own_}) {
    for (Bordered& field : *fields) field.fill_border();
  }
  doubt_.fill_border();
}

/// A field at both ends of links.
Conductivity::Ends Conductivity::ends(const Bordered& field, Direction d, Index i, Index j) const {
  return {load(field.row(j) + i), load(field.row(j + rows_ahead[d]) + i + columns_ahead[d])};
}

Pack Conductivity::link(Direction d, Index i, Index j) const {
  const auto [own, other] = ends(own_[d], d, i, j);
  const Pack mean = 2.0 * own * other / max(own + other, broadcast(1e-300));
  const auto [curvature, other_curvature] = ends(curvature_.along(d), d, i, j);
  if (!any_at_least(max(curvature, other_curvature), Pack{})) return mean;
  const auto [beside, other_beside] = ends(beside_[d], d, i, j);
  const Ridge here{curvature, beside}, there{other_curvature, other_beside};
  const Pack conductivity = max(here.sharp(), there.sharp()) < sharp_seam ? mean : max(own, other);
  const Pack seen = max(own > other ? here.resolved() : there.resolved(), Pack{});
  Pack bounded = conductivity / resistance(here, there, min(seen, broadcast(largest_variance - 1.0)));
  if (any_seam(here, there)) {
    const auto [doubt, other_doubt] = ends(doubt_, d, i, j);
    bounded = min(bounded, min(conductivity, max(doubt, other_doubt)) * seam_share(here, there));
  }
  return bounded;
}

void Conductivity::find_ridges(Index j, std::int32_t* marks) const {
  const Index n = grid_.axis(0).cells;
  for (Index i = 0; i < n; i += lanes) {
    Pack steepest{};
    for (const Direction d : directions) {
      steepest = max(steepest, load(curvature_.along(d).row(j) + i) - load(beside_[d].row(j) + i));
    }
    const bool any = any_at_least(steepest, broadcast(steep_ridge));
    for (Index lane = 0; lane < lanes && i + lane < n; ++lane) {
      marks[i + lane] = any && steepest[lane] >= steep_ridge ? 0 : -1;
    }
  }
}

}  // namespace wpg
