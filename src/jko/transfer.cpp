#include "jko/transfer.hpp"

#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {

Grid coarsen(const Grid& fine, const std::vector<bool>& keep) {
  std::vector<Axis> axes = fine.axes();
  for (std::size_t k = 0; k < axes.size(); ++k) {
    if (!keep[k]) axes[k].cells = (axes[k].cells + 1) / 2;
  }
  return Grid(std::move(axes));
}

Transfer::AxisMap Transfer::overlap(const Axis& fine, const Axis& coarse) {
  AxisMap map;
  map.inputs = fine.cells;
  map.stencils.reserve(static_cast<std::size_t>(coarse.cells));
  for (Index i = 0; i < coarse.cells; ++i) {
    Stencil stencil;
    const double ratio = static_cast<double>(fine.cells) / static_cast<double>(coarse.cells);
    const double lower = static_cast<double>(i) * ratio;
    const double upper = lower + ratio;
    const auto begin = static_cast<Index>(lower);
    for (Index k = 0; k < 4; ++k) {
      const Index j = std::min(begin + k, fine.cells - 1);
      const double covered =
          std::min(upper, static_cast<double>(begin + k + 1)) - std::max(lower, static_cast<double>(begin + k));
      stencil.from[k] = j;
      stencil.weight[k] = begin + k < fine.cells ? std::max(0.0, covered) / ratio : 0.0;
    }
    map.stencils.push_back(stencil);
  }
  return map;
}

/// By the polynomial through `points` cells (all of a shorter axis), at walls through their mirror images if
/// `mirrored`.
Transfer::AxisMap Transfer::interpolation(const Axis& coarse, const Axis& fine, int points, bool mirrored) {
  AxisMap map;
  const Index n = coarse.cells;
  const bool beyond = coarse.boundary == Boundary::periodic || (coarse.boundary == Boundary::reflecting && mirrored);
  const Index count = beyond ? points : std::min<Index>(points, n);
  map.inputs = n;
  map.weights = points;
  map.stencils.reserve(static_cast<std::size_t>(fine.cells));
  for (Index i = 0; i < fine.cells; ++i) {
    const double at = (fine.center(i) - coarse.lower) / coarse.spacing() - 0.5;
    Index begin = static_cast<Index>(std::floor(at)) - (count / 2 - 1);
    if (!beyond) begin = std::clamp<Index>(begin, 0, n - count);
    Stencil stencil;
    for (Index k = 0; k < count; ++k) {
      double weight = 1.0;
      for (Index l = 0; l < count; ++l) {
        if (l != k) weight *= (at - static_cast<double>(begin + l)) / static_cast<double>(k - l);
      }
      Index j = begin + k;
      if (coarse.boundary == Boundary::periodic) j = (j + n) % n;
      if (j < 0) j = -1 - j;
      if (j >= n) j = 2 * n - 1 - j;
      stencil.from[static_cast<std::size_t>(k)] = j;
      stencil.weight[static_cast<std::size_t>(k)] = weight;
    }
    map.stencils.push_back(stencil);
  }
  return map;
}

/// Sets strides for sweeping axis 0 first: lower axes are transferred already, higher ones not yet.
void Transfer::lay_out(std::vector<AxisMap>& maps) {
  Index stride = 1;
  for (std::size_t k = 0; k < maps.size(); ++k) {
    maps[k].stride = stride;
    stride *= static_cast<Index>(maps[k].stencils.size());
    maps[k].outer = 1;
    for (std::size_t l = k + 1; l < maps.size(); ++l) maps[k].outer *= maps[l].inputs;
  }
}

Transfer::Transfer(const Grid& fine, const Grid& coarse) {
  for (int k = 0; k < fine.dimension(); ++k) {
    down_.push_back(overlap(fine.axis(k), coarse.axis(k)));
    up_.push_back(interpolation(coarse.axis(k), fine.axis(k), 4, true));
    up_from_inside_.push_back(interpolation(coarse.axis(k), fine.axis(k), 6, false));
  }
  lay_out(down_);
  lay_out(up_);
  lay_out(up_from_inside_);
  for (Values& scratch : scratch_) scratch.resize(fine.dimension() > 1 ? fine.size() : 0);
}

template <int Weights>
void Transfer::apply(const AxisMap& map, const Values& in, Values& out) {
  const auto cells = static_cast<Index>(map.stencils.size());
  parallel_sweep(map.outer * cells, out.size(), [&](Index row) {
    const Stencil& s = map.stencils[static_cast<std::size_t>(row % cells)];
    const double* from = in.data() + (row / cells) * map.inputs * map.stride;
    double* to = out.data() + row * map.stride;
    for (Index i = 0; i < map.stride; ++i) {
      double sum = s.weight[0] * from[s.from[0] * map.stride + i];
      for (std::size_t k = 1; k < Weights; ++k) sum += s.weight[k] * from[s.from[k] * map.stride + i];
      to[i] = sum;
    }
  });
}

void Transfer::sweep(const std::vector<AxisMap>& maps, const Values& in, Values& out) {
  const Values* from = &in;
  for (std::size_t k = 0; k < maps.size(); ++k) {
    Values& to = k + 1 == maps.size() ? out : scratch_[k % 2];
    maps[k].weights == 4 ? apply<4>(maps[k], *from, to) : apply<6>(maps[k], *from, to);
    from = &to;
  }
}

std::size_t Transfer::memory() const {
  std::size_t bytes = 0;
  for (const Values& scratch : scratch_) bytes += static_cast<std::size_t>(scratch.size()) * sizeof(double);
  for (const auto* maps : {&down_, &up_, &up_from_inside_}) {
    for (const AxisMap& map : *maps) bytes += map.stencils.size() * sizeof(Stencil);
  }
  return bytes;
}

void Transfer::restrict_density(const Values& fine, Values& coarse) { sweep(down_, fine, coarse); }

void Transfer::prolong(const Values& coarse, Values& fine) { sweep(up_, coarse, fine); }

void Transfer::prolong_from_inside(const Values& coarse, Values& fine) { sweep(up_from_inside_, coarse, fine); }

}  // namespace wpg
