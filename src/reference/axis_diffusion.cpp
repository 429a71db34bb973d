#include "axis_diffusion.hpp"

#include <algorithm>
#include <atomic>
#include <numbers>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

using Lanes = Eigen::Array<double, 8, 1>;
using Map = Eigen::Map<Lanes>;
using ConstMap = Eigen::Map<const Lanes>;

/// Scratch of the calling thread, kept between calls.
double* scratch(Index size) {
  thread_local Values memory;
  if (memory.size() < size) memory.resize(size);
  return memory.data();
}

}  // namespace

/// Applies (I + a dt A)^-1 to the lines of a tile.
void AxisDiffusion::solve(const double* table, double* cells) const {
  const Index n = lines_.length, step = coefficients() * width;
  Lanes last = Lanes::Zero();
  Lanes y = Map(cells);
  for (Index i = 0; i + 1 < n; ++i) {
    const double* const c = table + i * step;
    if (periodic_) last += ConstMap(c + to_last * width) * y;
    y = Map(cells + (i + 1) * width) + ConstMap(c + down * width) * y;
    Map(cells + (i + 1) * width) = y;
  }
  last = (last + y) * ConstMap(table + (n - 1) * step + scale * width);
  Map(cells + (n - 1) * width) = last;
  Lanes x = last;
  for (Index i = n - 2; i >= 0; --i) {
    const double* const c = table + i * step;
    x = ConstMap(c + scale * width) * Map(cells + i * width) + ConstMap(c + up * width) * x;
    if (periodic_) x += ConstMap(c + from_last * width) * last;
    Map(cells + i * width) = x;
  }
}

/// One step of the lines of a tile; returns how many of them took the first-order one.
Index AxisDiffusion::advance(const double* table, double* cells, double* once, double* twice) const {
  const Index size = lines_.length * width;
  solve(table, cells);
  std::copy(cells, cells + size, once);
  solve(table, cells);
  std::copy(cells, cells + size, twice);
  Lanes least = Lanes::Zero();
  for (Index i = 0; i < size; i += width) {
    Map result(cells + i);
    result = (1.0 + std::numbers::sqrt2) * ConstMap(twice + i) - std::numbers::sqrt2 * ConstMap(once + i);
    least = least.min(result);
  }
  const Index count = (least < 0.0).count();
  if (count == 0) return 0;
  solve(table, twice);
  std::copy(twice, twice + size, once);
  solve(table, once);
  constexpr double w = std::numbers::sqrt2 - 1.0;
  for (Index i = 0; i < size; i += width) {
    const Lanes positive = (1.0 - w) * ConstMap(twice + i) + w * ConstMap(once + i);
    Map(cells + i) = (least < 0.0).select(positive, Lanes(Map(cells + i)));
  }
  return count;
}

void AxisDiffusion::load(const Tile& part, const Values& rho, double* cells) const {
  for (Index lane = 0; lane < width; ++lane) {
    // Beyond the last line: zeros, which stay zero.
    const bool used = lane < part.count;
    const double* const line = rho.data() + lines_.first(used ? part.first + lane : part.first);
    const Index stride = lines_.stride;
    for (Index i = 0; i < lines_.length; ++i) cells[i * width + lane] = used ? line[i * stride] : 0.0;
  }
}

void AxisDiffusion::store(const Tile& part, const double* cells, Values& rho) const {
  for (Index lane = 0; lane < part.count; ++lane) {
    double* const line = rho.data() + lines_.first(part.first + lane);
    for (Index i = 0; i < lines_.length; ++i) line[i * lines_.stride] = cells[i * width + lane];
  }
}

Index AxisDiffusion::apply(Values& rho) const {
  const Index tile_size = lines_.length * coefficients() * width;
  std::atomic<Index> first_order = 0;
  parallel_for(tiles_, [&](Index number) {
    const Tile part = tile(number);
    const Index size = lines_.length * width;
    double* const cells = scratch(3 * size);
    load(part, rho, cells);
    const double* const table = table_.data() + (shared_ ? 0 : number * tile_size);
    first_order += advance(table, cells, cells + size, cells + 2 * size);
    store(part, cells, rho);
  });
  return first_order;
}

}  // namespace wpg
