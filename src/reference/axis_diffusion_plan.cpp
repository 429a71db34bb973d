#include "axis_diffusion.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double stage_share = 1.0 - 0.5 * std::numbers::sqrt2;

/// z/(exp(z) - 1).
double bernoulli(double z) { return z == 0.0 ? 1.0 : z / std::expm1(z); }

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
      eliminate(potential.values.data() + lines_.first(line), stage_share * dt / (h * h),
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

}  // namespace wpg
