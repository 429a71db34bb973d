#include "jko/source_laws.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// What a window must hold of a law.
constexpr double least_share = 0.9;
/// Share of a wanted cell's mass that makes a source count there, with those that it stands for. With three times as
/// much two steps of eight take an evaluation more, with a third none less.
constexpr double counting_share = 3e-4;
/// Share of the mass of its mean target from which on a source counts itself.
constexpr double full_share = 0.03;
/// Log of masses, relative to the largest cell's, below which sources do not count.
constexpr double faint = -69.0;
/// There is room for so many targets and sources per cell of the grid: several times those of two bumps. With two
/// thirds of it one random problem in thirty takes more evaluations.
constexpr Index targets_per_cell = 12, sources_per_cell = 1;

/// Whether a source stands for those that are left out, of which a share is kept: those shares of the cells, evenly
/// spread in all directions (an additive recurrence, Roberts 2018).
bool chosen(Index i, Index j, double kept) {
  const double at = 0.7548776662466927 * static_cast<double>(i) + 0.5698402909980532 * static_cast<double>(j);
  return at - std::floor(at) < kept;
}

}  // namespace

SourceLaws::SourceLaws(const Grid& grid, double epsilon)
    : grid_(grid),
      log_volume_(std::log(grid.cell_volume())),
      scale_{epsilon / (grid.axis(0).spacing() * grid.axis(0).spacing()),
             epsilon / (grid.axis(1).spacing() * grid.axis(1).spacing())},
      means_(grid, epsilon),
      windows_{LawWindow(grid, epsilon), LawWindow(grid, epsilon)} {
  const auto size = [](Index count) { return static_cast<std::size_t>(count); };
  for (Half& half : halves_) {
    half.targets.reserve(size(targets_per_cell * grid.size() / 2));
    half.sources.reserve(size(sources_per_cell * grid.size() / 2));
    for (auto* targets : {&half.wanted, &half.others}) targets->reserve(size(windows_[0].size()));
    for (auto* means : {&half.x, &half.y}) means->resize(size(grid.axis(0).cells));
  }
}

std::size_t SourceLaws::memory() const {
  std::size_t bytes = 0;
  for (const Half& half : halves_) {
    bytes += half.targets.capacity() * sizeof(Target) + half.sources.capacity() * sizeof(Source);
  }
  return bytes;
}

/// Whether a wanted cell has a share of its mass from the source; sorts the targets.
bool SourceLaws::sends(const Coupling& c, double log_mass, const LawWindow& window, Half& half) const {
  const double log_share = std::log(counting_share) + log_volume_ - log_mass;
  bool any = false;
  half.wanted.clear();
  half.others.clear();
  window.for_cells([&](Index cell, double log_probability, double probability) {
    const std::int32_t own = c.number[static_cast<std::size_t>(cell)];
    if (own < 0) return half.others.push_back({static_cast<std::int32_t>(cell), static_cast<float>(probability)});
    half.wanted.push_back({own, static_cast<float>(probability)});
    any = any || log_probability > log_share + c.log_rho[cell];
  });
  return any;
}

/// Whether a wanted cell is around the middle of a window: they lie in strips of three cells and more.
bool SourceLaws::beside(const std::vector<std::int32_t>& number, const LawWindow& window) const {
  for (const Index row : {-2, 0, 2}) {
    for (const Index column : {-2, 0, 2}) {
      if (number[static_cast<std::size_t>(window.near_middle(column, row))] >= 0) return true;
    }
  }
  return false;
}

/// Variances of a source's law along the axes, in units of cells.
LawWindow::Pair SourceLaws::variances(const Values& log_gv, Index i, Index j) const {
  LawWindow::Pair variance;
  for (int axis = 0; axis < 2; ++axis) {
    const Neighbours at = neighbours(grid_, axis, axis == 0 ? i : j);
    const double* const middle = log_gv.data() + j * grid_.axis(0).cells + i + at.shift;
    const auto k = static_cast<std::size_t>(axis);
    variance[k] = scale_[k] * (1.0 + scale_[k] * (middle[at.upper] - 2.0 * middle[0] + middle[at.lower]));
  }
  return variance;
}

/// Adds the source whose targets were sorted, if there is room.
void SourceLaws::keep(float mass, Half& half) {
  const std::size_t begin = half.targets.size(), end = begin + half.wanted.size() + half.others.size();
  if (end > half.targets.capacity() || half.sources.size() == half.sources.capacity()) return;
  float total = 0.0F;
  for (const auto* targets : {&half.wanted, &half.others}) {
    for (const Target& target : *targets) {
      half.targets.push_back(target);
      total += target.probability;
    }
  }
  for (std::size_t k = begin; k < end; ++k) half.targets[k].probability /= total;
  half.sources.push_back({static_cast<std::int32_t>(begin + half.wanted.size()), static_cast<std::int32_t>(end), mass});
}

/// Takes the source in cell (i, j), whose mean target is (x, y), if it sends mass to a wanted cell.
void SourceLaws::take(const Coupling& c, Index i, Index j, double x, double y, LawWindow& window, Half& half) const {
  const Index cell = j * grid_.axis(0).cells + i;
  const double log_mass = c.source.log_mass[cell], log_gv = c.source.log_gv[cell];
  // Means are no numbers where the potential is infinite.
  if (!(log_mass - c.source.log_largest > faint) || !(std::abs(x) + std::abs(y) < 1e6) || !c.near.at(x, y)) return;
  window.centre({x, y}, variances(c.source.log_gv, i, j));
  const double share = std::exp(std::min(log_mass - c.log_rho[window.middle()] - log_volume_, 0.0));
  const double kept = std::min(1.0, share / full_share);
  if (!chosen(i, j, kept) || !beside(c.number, window)) return;
  const double held = window.take(i, j, c.log_q, c.log_rho, log_gv);
  if (std::abs(held - 1.0) > 1.0 - least_share || !sends(c, log_mass - std::log(kept), window, half)) return;
  keep(static_cast<float>(std::exp(log_mass - c.source.log_largest) / kept), half);
}

void SourceLaws::update(const Coupling& coupling) {
  const Index n = grid_.axis(0).cells, rows = grid_.axis(1).cells;
  parallel_sweep(2, grid_.size(), [&](Index k) {
    Half& half = halves_[static_cast<std::size_t>(k)];
    half.targets.clear();
    half.sources.clear();
    for (Index j = k * rows / 2; j < (k + 1) * rows / 2; ++j) {
      means_.take(coupling.source.log_gv, j, half.x.data(), half.y.data());
      for (Index i = 0; i < n; ++i) {
        const auto at = static_cast<std::size_t>(i);
        take(coupling, i, j, half.x[at], half.y[at], windows_[static_cast<std::size_t>(k)], half);
      }
    }
  });
}

}  // namespace wpg
