#include "wpg/transport/reconstruction.hpp"

#include <algorithm>
#include <cmath>

namespace wpg::transport {
namespace {

/// Neighbours further apart than this are a jump to the reconstruction. Up to here the quartic beats the line on an
/// exponential, and the conversion's bound is inactive on all but the steepest of them.
constexpr double jump_ratio = 8.0;
/// Bounds of the conversion's fluxes, as shares of the smaller cell. What smoothing brings into a nearly empty cell
/// (at most twice its share) has to be at least what sharpening takes out again, or repeated steps would drain cells
/// beside a jump and pile mass up on its high side.
constexpr double averaging_share = 0.35;
constexpr double sharpening_share = 0.2;
static_assert(sharpening_share * (1.0 + 2.0 * averaging_share) <= averaging_share);
/// Smallest denominator of the positivity scaling; below it, cells are as good as empty.
constexpr double tiny = 1e-300;

struct FaceStencil {
  const double* m;
  Index w;

  double sum(Index k, Index reach) const { return m[k - reach * w] + m[k + (reach - 1) * w]; }
  double difference(Index k, Index reach) const { return m[k + (reach - 1) * w] - m[k - reach * w]; }
};

void face_values(const Tile& tile, const double* m, const Reconstruction& r) {
  const FaceStencil at{m, tile.width};
  const Index size = (tile.cells + 1) * tile.width;
  double* const value = r.value;
  double* const slope = r.slope;
#pragma omp simd
  for (Index k = 0; k < size; ++k) {
    value[k] = (37.0 * at.sum(k, 1) - 8.0 * at.sum(k, 2) + at.sum(k, 3)) * (1.0 / 60.0);
    slope[k] = (245.0 * at.difference(k, 1) - 25.0 * at.difference(k, 2) + 2.0 * at.difference(k, 3)) * (1.0 / 180.0);
  }
}

void find_jumps(const Tile& tile, const double* m, const Reconstruction& r) {
  const Index w = tile.width;
  double* const jump = r.jump;
#pragma omp simd
  for (Index k = -2 * w; k < (tile.cells + 3) * w; ++k) {
    const double low = std::min(m[k - w], m[k]);
    const double high = std::max(m[k - w], m[k]);
    jump[k] = high > jump_ratio * low ? 1.0 : 0.0;
  }
}

/// Slope between neighbours that creates no new extremum and keeps the line nonnegative.
inline double limited_slope(double before, double here, double after) {
  const double left = 2.0 * (here - before);
  const double right = 2.0 * (after - here);
  const double center = 0.25 * (left + right);
  const double up = std::max(0.0, std::min(center, std::min(left, right)));
  const double down = std::min(0.0, std::max(center, std::max(left, right)));
  return up + down;
}

}  // namespace

void fill_ghosts(const Tile& tile, double* cells) {
  const Index n = tile.cells;
  const Index w = tile.width;
  for (Index g = 0; g < Tile::ghosts; ++g) {
    const Index before = tile.periodic ? (n - 1 - g % n) : g;
    const Index after = tile.periodic ? g % n : n - 1 - g;
    std::copy_n(cells + before * w, w, cells - (g + 1) * w);
    std::copy_n(cells + after * w, w, cells + (n + g) * w);
  }
}

double convert(const Tile& tile, Conversion conversion, const double* in, double* flux, double* out) {
  const Index w = tile.width;
  const double second = conversion == Conversion::to_averages ? 1.0 / 24.0 : -1.0 / 24.0;
  const double fourth = conversion == Conversion::to_averages ? -17.0 / 5760.0 : 3.0 / 640.0;
  const double share = conversion == Conversion::to_averages ? averaging_share : sharpening_share;
  double cut = 0.0;
#pragma omp simd reduction(+ : cut)
  for (Index k = 0; k < (tile.cells + 1) * w; ++k) {
    const double first = in[k] - in[k - w];
    const double third = (in[k + w] - in[k - 2 * w]) - 3.0 * first;
    const double wanted = second * first + fourth * third;
    const double bound = share * std::min(in[k - w], in[k]);
    flux[k] = std::max(-bound, std::min(bound, wanted));
    cut += std::abs(wanted - flux[k]);
  }
#pragma omp simd
  for (Index k = 0; k < tile.cells * w; ++k) out[k] = in[k] + (flux[k + w] - flux[k]);
  return cut;
}

double reconstruct(const Tile& tile, const double* average, const Reconstruction& result) {
  face_values(tile, average, result);
  find_jumps(tile, average, result);
  const Index w = tile.width;
  const double* const m = average;
  const double* const value = result.value;
  const double* const slope = result.slope;
  const double* const jump = result.jump;
  double* const s1 = result.sums[0];
  double* const s2 = result.sums[1];
  double* const s3 = result.sums[2];
  double* const s4 = result.sums[3];
  double moved = 0.0;
#pragma omp simd reduction(+ : moved)
  for (Index k = 0; k < tile.cells * w; ++k) {
    const double a = m[k];
    const double b0 = value[k] - a;
    const double b4 = value[k + w] - a;
    const double b1 = b0 + 0.25 * slope[k];
    const double b3 = b4 - 0.25 * slope[k + w];
    const double b2 = -(b0 + b1 + b3 + b4);
    const double lowest = a + std::min(std::min(std::min(b0, b1), std::min(b3, b4)), b2);
    const double scale = a / std::max(tiny, a - std::min(0.0, lowest));
    const double near = std::max(jump[k], jump[k + w]);
    const double far = std::max(std::max(jump[k - 2 * w], jump[k - w]), std::max(jump[k + 2 * w], jump[k + 3 * w]));
    const bool smooth = !(std::max(near, far) > 0.0);
    const double line = 0.25 * limited_slope(m[k - w], a, m[k + w]);
    const double c0 = smooth ? scale * b0 : -2.0 * line;
    const double c1 = smooth ? scale * b1 : -line;
    const double c2 = smooth ? scale * b2 : 0.0;
    const double c3 = smooth ? scale * b3 : line;
    const double c4 = smooth ? scale * b4 : 2.0 * line;
    moved += 0.25 * (std::abs(c0 - b0) + std::abs(c4 - b4));
    s1[k] = std::max(0.0, a + c0);
    s2[k] = s1[k] + std::max(0.0, a + c1);
    s3[k] = s2[k] + std::max(0.0, a + c2);
    s4[k] = s3[k] + std::max(0.0, a + c3);
  }
  for (double* sum : result.sums) {
    for (Index l = 0; l < w; ++l) sum[tile.cells * w + l] = tile.periodic ? sum[l] : 0.0;
  }
  return moved;
}

void partial_masses(const Tile& tile, const double* position, const double* average, const Reconstruction& quartic,
                    double* left) {
  const int w = static_cast<int>(tile.width);
  const int size = static_cast<int>(tile.cells + 1) * w;
  const double* const s1 = quartic.sums[0];
  const double* const s2 = quartic.sums[1];
  const double* const s3 = quartic.sums[2];
  const double* const s4 = quartic.sums[3];
#pragma omp simd
  for (int k = 0; k < size; ++k) {
    const int cell = static_cast<int>(position[k]);
    const double t = position[k] - cell;
    const double u = 1.0 - t;
    const int at = cell * w + (k & (w - 1));
    const double low = u * u * (u * u * s1[at] + 2.0 * t * (u * s2[at] + t * s3[at]));
    left[k] = t * (low + t * t * t * (u * s4[at] + t * average[at]));
  }
}

}  // namespace wpg::transport
