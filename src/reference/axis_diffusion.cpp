#include "axis_diffusion.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

using Lanes = Eigen::Array<double, 8, 1>;
using Map = Eigen::Map<Lanes>;
using ConstMap = Eigen::Map<const Lanes>;

constexpr double a = 1.0 - 0.5 * std::numbers::sqrt2;

/// z/(exp(z) - 1).
double bernoulli(double z) { return z == 0.0 ? 1.0 : z / std::expm1(z); }

/// Scratch of the calling thread, kept between calls.
double* scratch(Index size) {
  thread_local Values memory;
  if (memory.size() < size) memory.resize(size);
  return memory.data();
}

Index coefficients_of(const Axis& axis) { return axis.boundary == Boundary::periodic ? 5 : 3; }

/// Tiles of `width` lines that cover a run of neighbouring lines; and all lines.
Index tiles_of_run(const Lines& all, Index width) {
  return ((all.stride == 1 ? all.count : all.stride) + width - 1) / width;
}
Index tiles_of(const Lines& all, Index width) {
  return (all.stride == 1 ? 1 : all.count / all.stride) * tiles_of_run(all, width);
}

}  // namespace

AxisDiffusion::AxisDiffusion(const Field& potential, int axis, double dt)
    : lines_(lines(potential.grid, axis)),
      tiles_(tiles_of(lines_, width)),
      tiles_per_run_(tiles_of_run(lines_, width)),
      periodic_(potential.grid.axis(axis).boundary == Boundary::periodic),
      shared_(find_shared(potential.values)) {
  const double h = potential.grid.axis(axis).spacing();
  const Index tile_size = lines_.length * coefficients() * width;
  const Index count = shared_ ? 1 : tiles_;
  table_.assign(static_cast<std::size_t>(count * tile_size), 0.0);
  parallel_for(count, [&](Index number) {
    const Tile part = tile(number);
    const Index used = shared_ ? width : part.count;
    for (Index lane = 0; lane < used; ++lane) {
      const Index line = shared_ ? 0 : part.first + lane;
      eliminate(potential.values.data() + lines_.first(line), a * dt / (h * h),
                table_.data() + number * tile_size + lane);
    }
  });
}

std::size_t AxisDiffusion::memory() const { return table_.size() * sizeof(double); }

std::size_t AxisDiffusion::most_memory(const Grid& grid, int axis) {
  const Lines all = lines(grid, axis);
  const Index coefficients = coefficients_of(grid.axis(axis));
  return static_cast<std::size_t>(tiles_of(all, width) * width * all.length * coefficients) * sizeof(double);
}

/// Lines of a tile lie side by side in memory, unless every line is contiguous.
AxisDiffusion::Tile AxisDiffusion::tile(Index number) const {
  const Index run = lines_.stride == 1 ? lines_.count : lines_.stride;
  const Index within = number % tiles_per_run_ * width;
  return {number / tiles_per_run_ * run + within, std::min(width, run - within)};
}

bool AxisDiffusion::find_shared(const Values& V) const {
  const double range = V.maxCoeff() - V.minCoeff();
  const double tolerance = 1e-14 * (range + V.abs().maxCoeff());
  const double* const first = V.data();
  for (Index line = 1; line < lines_.count; ++line) {
    const double* const other = V.data() + lines_.first(line);
    const double offset = other[0] - first[0];
    for (Index i = 1; i < lines_.length; ++i) {
      if (!(std::abs(other[i * lines_.stride] - first[i * lines_.stride] - offset) <= tolerance)) return false;
    }
  }
  return true;
}

/// Gauss elimination of cells 0, 1, ... as censoring of a Markov chain: rates are redirected past the cell that goes,
/// and pivots are sums of rates, never differences.
void AxisDiffusion::eliminate(const double* V, double factor, double* out) const {
  const Index n = lines_.length;
  const auto rate = [&](Index from, Index to) {
    return factor * bernoulli(V[to * lines_.stride] - V[from * lines_.stride]);
  };
  const auto put = [&](Index i, Coefficient which, double value) { out[(i * coefficients() + which) * width] = value; };
  double kept = 1.0, kept_last = 1.0;                  // the identity's share of this cell, and of the last
  double to_end = periodic_ ? rate(0, n - 1) : 0.0;    // rate from this cell to the last
  double from_end = periodic_ ? rate(n - 1, 0) : 0.0;  // and back
  for (Index i = 0; i + 1 < n; ++i) {
    const bool before_last = i + 2 == n;
    const double forth = rate(i, i + 1), back = rate(i + 1, i);
    if (before_last) {
      to_end += forth;
      from_end += back;
    }
    const double pivot = kept + to_end + (before_last ? 0.0 : forth);
    const bool direct = !periodic_ && before_last;  // the last cell is then the next one
    put(i, scale, 1.0 / pivot);
    put(i, down, (direct ? to_end : before_last ? 0.0 : forth) / pivot);
    put(i, up, (direct ? from_end : before_last ? 0.0 : back) / pivot);
    if (periodic_) {
      put(i, to_last, to_end / pivot);
      put(i, from_last, from_end / pivot);
    }
    kept_last += from_end * kept / pivot;
    from_end *= forth / pivot;
    to_end *= back / pivot;
    kept = 1.0 + back * kept / pivot;
  }
  put(n - 1, scale, 1.0 / kept_last);
}

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
