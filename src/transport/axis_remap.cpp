#include "wpg/transport/axis_remap.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg::transport {
namespace {

constexpr Index widest = 8;
constexpr Index arrays = 10;

/// Working memory of the calling thread, kept between calls.
double* thread_scratch(Index size) {
  thread_local std::vector<double> memory;
  if (static_cast<Index>(memory.size()) < size) memory.assign(static_cast<std::size_t>(size), 0.0);
  return memory.data();
}

/// Old mass between two preimages in cells j and k >= j, of which `left_j` and `left_k` lie left of them.
inline double between(const double* m, Index stride, Index j, Index k, double left_j, double left_k) {
  if (j == k) return std::max(0.0, left_k - left_j);
  double mass = std::max(0.0, m[j * stride] - left_j);
  for (Index i = j + 1; i < k; ++i) mass += m[i * stride];
  return mass + left_k;
}

}  // namespace

/// Arrays of one tile. Those on cells begin after the ghosts.
struct AxisRemap::Scratch {
  explicit Scratch(const Tile& tile) {
    double* const memory = thread_scratch(arrays * tile.padded()) + Tile::ghosts * tile.width;
    const auto array = [&](Index k) { return memory + k * tile.padded(); };
    centers = array(0);
    average = array(1);
    flux = array(2);
    left = array(3);
    // Fluxes are spent when face values are made.
    quartic = {{array(4), array(5), array(6), array(7)}, flux, array(8), array(9)};
  }

  double *centers, *average, *flux, *left;
  Reconstruction quartic;
};

AxisRemap::AxisRemap(const Grid& grid, int axis, const Preimages& preimages, CellValue value)
    : lines_(lines(grid, axis)), value_(value) {
  tile_ = {lines_.length, lines_.stride == 1 ? 1 : widest, grid.axis(axis).boundary == Boundary::periodic};
  blocks_per_run_ = (lines_.stride + tile_.width - 1) / tile_.width;
  tiles_ = blocks_per_run_ * (lines_.count / lines_.stride);
  const Index faces = tile_.cells + 1;
  const Index width = tile_.width;
  positions_.resize(static_cast<std::size_t>(tiles_ * faces * width));
  if (tile_.periodic) offsets_.resize(static_cast<std::size_t>(tiles_ * width));
  parallel_for(tiles_, [&](Index tile) {
    thread_local std::vector<double> of_line;
    of_line.resize(static_cast<std::size_t>(faces));
    for (Index l = 0; l < block(tile).count; ++l) {
      preimages(block(tile).first + l, of_line);
      keep(of_line, tile, l);
    }
  });
  const bool finite = std::all_of(positions_.begin(), positions_.end(), [](double p) { return std::isfinite(p); });
  if (!finite) throw InvalidValue("preimage", "not a number", "finite: the map has to be finite on the whole box");
}

void AxisRemap::keep(const std::vector<double>& faces, Index tile, Index lane) {
  const Index width = tile_.width;
  const auto n = static_cast<double>(tile_.cells);
  double* const to = positions_.data() + tile * (tile_.cells + 1) * width + lane;
  const double turn = tile_.periodic && std::isfinite(faces.front()) ? std::floor(faces.front()) : 0.0;
  for (std::size_t f = 0; f < faces.size(); ++f) to[static_cast<Index>(f) * width] = faces[f] - turn;
  if (!tile_.periodic) return;
  offsets_[static_cast<std::size_t>(tile * width + lane)] = static_cast<Index>(turn);
  // The two ends are one face: rounded to the same fraction of a cell, or mass would be lost between them.
  to[tile_.cells * width] = to[0] + n;
  to[0] = to[tile_.cells * width] - n;
}

AxisRemap::Block AxisRemap::block(Index tile) const {
  const Index run = tile / blocks_per_run_;
  const Index within = (tile % blocks_per_run_) * tile_.width;
  return {run * lines_.stride + within, std::min(tile_.width, lines_.stride - within)};
}

RemapSums AxisRemap::apply(const Values& in, Values& out) const {
  double* const partial = partial_sums(2 * tiles_);
  parallel_for(tiles_, [&](Index tile) {
    const RemapSums sums = sweep(tile, in, out);
    partial[2 * tile] = sums.clamped;
    partial[2 * tile + 1] = sums.limited;
  });
  RemapSums total;
  for (Index tile = 0; tile < tiles_; ++tile) {
    total.clamped += partial[2 * tile];
    total.limited += partial[2 * tile + 1];
  }
  return total;
}

RemapSums AxisRemap::sweep(Index tile, const Values& in, Values& out) const {
  const Scratch s(tile_);
  RemapSums sums;
  const bool converts = value_ == CellValue::at_center;
  load(tile, in, converts ? s.centers : s.average);
  if (converts) {
    fill_ghosts(tile_, s.centers);
    sums.limited += convert(tile_, Conversion::to_averages, s.centers, s.flux, s.average);
  }
  fill_ghosts(tile_, s.average);
  sums.limited += reconstruct(tile_, s.average, s.quartic);
  const double* const position = positions_.data() + tile * (tile_.cells + 1) * tile_.width;
  partial_masses(tile_, position, s.average, s.quartic, s.left);
  sums.clamped = remap(position, s, s.centers);
  if (converts) {
    fill_ghosts(tile_, s.centers);
    sums.limited += convert(tile_, Conversion::to_centers, s.centers, s.flux, s.average);
  }
  store(tile, converts ? s.average : s.centers, out);
  return sums;
}

void AxisRemap::load(Index tile, const Values& in, double* cells) const {
  const auto [first, count] = block(tile);
  const double* const from = in.data() + lines_.first(first);
  const Index w = tile_.width;
  for (Index i = 0; i < tile_.cells; ++i) {
    for (Index l = 0; l < count; ++l) cells[i * w + l] = from[i * lines_.stride + l];
    for (Index l = count; l < w; ++l) cells[i * w + l] = 0.0;
  }
  if (!tile_.periodic) return;
  for (Index l = 0; l < count; ++l) {
    const Index turn = offsets_[static_cast<std::size_t>(tile * w + l)];
    const Index start = ((turn % tile_.cells) + tile_.cells) % tile_.cells;
    for (Index i = 0; start != 0 && i < tile_.cells; ++i) {
      cells[i * w + l] = from[((i + start) % tile_.cells) * lines_.stride + l];
    }
  }
}

void AxisRemap::store(Index tile, const double* cells, Values& out) const {
  const auto [first, count] = block(tile);
  double* const to = out.data() + lines_.first(first);
  for (Index i = 0; i < tile_.cells; ++i) {
    for (Index l = 0; l < count; ++l) to[i * lines_.stride + l] = cells[i * tile_.width + l];
  }
}

/// New cell averages from old ones; returns the mass that was kept from leaving the box.
double AxisRemap::remap(const double* position, const Scratch& s, double* result) const {
  const Index n = tile_.cells;
  const Index w = tile_.width;
  double clamped = 0.0;
  for (Index l = 0; l < w; ++l) {
    const double* const m = s.average + l;
    const auto first = static_cast<Index>(position[l]);
    Index before = first;
    for (Index f = 0; f < n; ++f) {
      const Index k = (f + 1) * w + l;
      const auto after = static_cast<Index>(position[k]);
      result[f * w + l] = between(m, w, before, after, s.left[k - w], s.left[k]);
      before = after;
    }
    if (tile_.periodic) continue;
    const double below = between(m, w, 0, first, 0.0, s.left[l]);
    const double above = between(m, w, before, n, s.left[n * w + l], 0.0);
    result[l] += below;
    result[(n - 1) * w + l] += above;
    clamped += below + above;
  }
  return clamped;
}

std::size_t AxisRemap::memory() const { return positions_.size() * sizeof(double) + offsets_.size() * sizeof(Index); }

}  // namespace wpg::transport
