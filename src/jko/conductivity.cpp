#include "jko/conductivity.hpp"

#include <algorithm>
#include <utility>

#include "simd.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Outside the edge of a density S is singular along the normal. A larger conductivity than the inverse of this would
/// only take the stencil's error in oblique directions along.
constexpr double smallest_variance = 0.02;

/// A symmetric matrix of two rows.
struct Symmetric {
  Pack xx, xy, yy;
};

/// The inverse, with the eigenvalues of s raised to the smallest admissible variance.
Symmetric inverse(const Symmetric& s, Pack trust) {
  const Pack mean = 0.5 * (s.xx + s.yy);
  const Pack half = 0.5 * (s.xx - s.yy);
  const Pack radius = sqrt(half * half + s.xy * s.xy);
  const Pack small = 1.0 / (max(mean - radius, broadcast(smallest_variance)) * trust);
  const Pack large = 1.0 / (max(mean + radius, broadcast(smallest_variance)) * trust);
  const Pack turn = 0.5 * (large - small) / max(radius, broadcast(1e-300));
  const Pack centre = 0.5 * (large + small);
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
    : grid_(grid), epsilon_(epsilon), x_(grid.size()), y_(grid.size()), diagonal_(grid.size()) {}

/// At a wall the differences of the neighbour, since the mirror image's kink in log q is no conditional variance.
Conductivity::Neighbours Conductivity::neighbours(int axis, Index cell) const {
  const Index n = grid_.axis(axis).cells;
  const Index stride = grid_.stride(axis);
  if (grid_.axis(axis).boundary == Boundary::periodic) {
    return {0, cell > 0 ? -stride : (n - 1) * stride, cell + 1 < n ? stride : -(n - 1) * stride};
  }
  return {(std::clamp<Index>(cell, 1, n - 2) - cell) * stride, -stride, stride};
}

void Conductivity::cells(const double* q, const double* trust, Index count, Neighbours x, Neighbours y, Index to) {
  const double hx = grid_.axis(0).spacing();
  const double hy = grid_.axis(1).spacing();
  for (Index i = 0; i < count; i += lanes) {
    const Index n = count - i;
    const auto at = [&](Index offset) { return load_some(q + i + offset, n, 0.0); };
    const Pack twice = 2.0 * at(0);
    const Pack dxx = at(x.upper) + at(x.lower) - twice;
    const Pack dyy = at(y.upper) + at(y.lower) - twice;
    const Pack along = at(x.upper + y.upper) + at(x.lower + y.lower) - twice;
    const Pack across = at(x.upper + y.lower) + at(x.lower + y.upper) - twice;
    const Symmetric s = {1.0 + epsilon_ / (hx * hx) * dxx, epsilon_ / (hx * hy) * mixed(along, across, dxx + dyy),
                         1.0 + epsilon_ / (hy * hy) * dyy};
    const Symmetric t = inverse(s, load_some(trust + to + i, n, 1.0));
    const Pack txx = t.xx / (hx * hx);
    const Pack tyy = t.yy / (hy * hy);
    const Pack limit = min(txx, tyy);
    const Pack txy = max(min(t.xy / (hx * hy), limit), -limit);
    store_some(x_.data() + to + i, n, txx - max(txy, -txy));
    store_some(y_.data() + to + i, n, tyy - max(txy, -txy));
    store_some(diagonal_.data() + to + i, n, txy);
  }
}

void Conductivity::row(const Values& log_q, const Values& trust, Index j) {
  const Index n = grid_.axis(0).cells;
  const Neighbours y = neighbours(1, j);
  for (const auto& [begin, end] : {std::pair<Index, Index>{0, 1}, {1, n - 1}, {n - 1, n}}) {
    const Neighbours x = neighbours(0, begin);
    cells(log_q.data() + j * n + begin + x.shift + y.shift, trust.data(), end - begin, x, y, j * n + begin);
  }
}

void Conductivity::update(const Values& log_q, const Values& trust) {
  parallel_sweep(grid_.axis(1).cells, grid_.size(), [&](Index j) { row(log_q, trust, j); });
}

}  // namespace wpg
