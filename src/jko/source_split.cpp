#include "jko/source_split.hpp"

#include <algorithm>
#include <cmath>

namespace wpg {
namespace {

/// What makes an edge: the fall of nu from one cell to the next, and the share of the largest density that counts.
constexpr double edge_fall = 1e-3;
constexpr double edge_share = 1e-3;

/// Only differences between near cells matter, which come right first: counts hardly depend on it from 2 to 100.
constexpr int relaxations = 2;

}  // namespace

SourceSplit::SourceSplit(const Grid& fine, const Grid& coarse) : cells_(fine, coarse) {
  if (!cells_.nested()) return;
  for (int k = 0; k < fine.dimension(); ++k) {
    if (halves(k)) displacement(k).resize(coarse.size());
  }
  mean_.resize(coarse.size());
  offset_.resize(coarse.size());
}

std::size_t SourceSplit::memory() const {
  Index values = mean_.size() + offset_.size();
  for (const Values& slope : slope_) values += slope.size();
  return static_cast<std::size_t>(values) * sizeof(double);
}

bool SourceSplit::pays(const Values& nu) const {
  if (!cells_.nested()) return false;
  const double counts = edge_share * nu.maxCoeff();
  for (int k = 0; k < cells_.coarse().dimension(); ++k) {
    const Index stride = cells_.coarse().stride(k), n = cells_.coarse().axis(k).cells;
    for (Index i = 0; halves(k) && i + stride < nu.size(); ++i) {
      if (i / stride % n + 1 == n) continue;
      const double low = std::min(nu[i], nu[i + stride]), high = std::max(nu[i], nu[i + stride]);
      if (high > counts && low < edge_fall * high) return true;
    }
  }
  return false;
}

/// Gives the children of a cell the differences of `slope_`, about the mean that they have.
void SourceSplit::tilt(const NestedCell& cell, Values& fine) {
  std::array<double, 3> difference{};
  double sum = 0.0;
  int children = 0;
  cells_.for_children(cell, [&](Index child, int sides) {
    for (std::size_t k = 0; k < 3; ++k) difference[k] += (sides >> k & 1) != 0 ? fine[child] : -fine[child];
    sum += fine[child];
    ++children;
  });
  mean_[cell.coarse] = sum / children;
  for (int k = 0; k < cells_.coarse().dimension(); ++k) {
    if (!halves(k)) continue;
    const double interpolated =
        difference[static_cast<std::size_t>(k)] / (0.5 * children * cells_.fine().axis(k).spacing());
    double& slope = displacement(k)[cell.coarse];
    if (!std::isfinite(slope)) slope = interpolated;
    const double half = 0.5 * cells_.fine().axis(k).spacing() * (slope - interpolated);
    cells_.for_children(cell, [&](Index child, int sides) { fine[child] += (sides >> k & 1) != 0 ? half : -half; });
  }
}

/// What the offset should gain from one coarse cell to the next one upwards.
double SourceSplit::step(int axis, Index from, Index to, const Values& potential) const {
  const Values& slope = slope_[static_cast<std::size_t>(axis)];
  return 0.5 * (potential[to] - potential[from]) +
         0.5 * cells_.fine().axis(axis).spacing() * (slope[from] + slope[to]) - (mean_[to] - mean_[from]);
}

void SourceSplit::relax(const NestedCell& cell, const Values& nu, const Values& potential) {
  double sum = 0.0;
  int links = 0;
  for (int k = 0; k < cells_.coarse().dimension(); ++k) {
    for (int side = -1; halves(k) && side <= 1; side += 2) {
      const Index other = cells_.neighbour(cell, k, side);
      if (other < 0 || !(nu[other] > 0.0)) continue;
      const Index from = side < 0 ? other : cell.coarse, to = side < 0 ? cell.coarse : other;
      sum += offset_[other] - side * step(k, from, to, potential);
      ++links;
    }
  }
  if (links > 0) offset_[cell.coarse] = sum / links;
}

void SourceSplit::split(const Values& nu, const Values& potential, Values& fine) {
  cells_.for_cells([&](const NestedCell& cell) { tilt(cell, fine); });
  offset_ = 0.0;
  for (int half = 0; half < 2 * relaxations; ++half) {
    cells_.for_cells([&](const NestedCell& cell) {
      const bool turn = (cell.at[0] + cell.at[1] + cell.at[2] + half) % 2 == 0;
      if (turn && nu[cell.coarse] > 0.0) relax(cell, nu, potential);
    });
  }
  cells_.for_cells([&](const NestedCell& cell) {
    cells_.for_children(cell, [&](Index child, int) { fine[child] += offset_[cell.coarse]; });
  });
}

double SourceSplit::limited_slope(const NestedCell& cell, int axis, const Values& values) const {
  const Index below = cells_.neighbour(cell, axis, -1), above = cells_.neighbour(cell, axis, 1);
  if (below < 0 || above < 0) return 0.0;
  const double left = values[cell.coarse] - values[below], right = values[above] - values[cell.coarse];
  if (left * right <= 0.0) return 0.0;
  const double size = std::min(0.5 * std::abs(left + right), 2.0 * std::min(std::abs(left), std::abs(right)));
  return std::copysign(size, left);
}

void SourceSplit::add_limited(const Values& coarse, Values& fine) const {
  cells_.for_cells([&](const NestedCell& cell) {
    std::array<double, 3> slope{};
    for (int k = 0; k < cells_.coarse().dimension(); ++k) {
      if (halves(k)) slope[static_cast<std::size_t>(k)] = limited_slope(cell, k, coarse);
    }
    cells_.for_children(cell, [&](Index child, int sides) {
      double value = coarse[cell.coarse];
      for (std::size_t k = 0; k < 3; ++k) value += ((sides >> k & 1) != 0 ? 0.25 : -0.25) * slope[k];
      fine[child] += value;
    });
  });
}

}  // namespace wpg
