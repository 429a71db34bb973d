#include "jko/cycle.hpp"

#include "jko/zebra.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

Cycle::Cycle(const Grid& grid, Effort effort) : cells_(grid.size()), effort_(effort) {
  const std::array<bool, 2> periodic = {grid.axis(0).boundary == Boundary::periodic,
                                        grid.axis(1).boundary == Boundary::periodic};
  levels_.emplace_back(grid.axis(0).cells, grid.axis(1).cells, periodic);
  while (levels_.back().columns * levels_.back().rows > 1) {
    levels_.emplace_back((levels_.back().columns + 1) / 2, (levels_.back().rows + 1) / 2, periodic);
  }
}

std::size_t Cycle::memory() const {
  std::size_t bytes = 0;
  for (const Stencil& level : levels_) bytes += level.memory();
  return bytes;
}

void Cycle::coarsen() {
  for (std::size_t k = 0; k + 1 < levels_.size(); ++k) wpg::coarsen(levels_[k], levels_[k + 1]);
}

void Cycle::take_right(const Values& r, double largest) {
  Stencil& s = levels_.front();
  const Index n = s.columns;
  const Pack most = broadcast(largest);
  const auto some = [&](const double* values, Index count) {
    return min(max(load_some(values, count, 0.0), -most), most);
  };
  parallel_sweep(s.rows, cells_, [&](Index j) {
    for (Index i = 0; i < n; i += Index{2} * lanes) {
      const double* values = r.data() + j * n + i;
      store_apart(s.right, s, j, i, some(values, n - i), n - i > lanes ? some(values + lanes, n - i - lanes) : Pack{});
    }
  });
}

/// z from read(cells, colour), the values of a pack of the finest level's cells.
template <class Read>
void Cycle::give(const Read& read, Values& z) const {
  const Stencil& s = levels_.front();
  const Index n = s.columns;
  parallel_sweep(s.rows, cells_, [&](Index j) {
    for (Index i = 0; i < n; i += Index{2} * lanes) {
      Pack low, high;
      interleave(read(s.at(0, i / 2, j), 0), read(s.at(1, i / 2, j), 1), low, high);
      store_some(z.data() + j * n + i, n - i, low);
      if (n - i > lanes) store_some(z.data() + j * n + i + lanes, n - i - lanes, high);
    }
  });
}

void Cycle::solve(const Values& r, double largest) {
  take_right(r, largest);
  for (std::size_t k = 0; k + 1 < levels_.size(); ++k) restrict_right(levels_[k], levels_[k + 1]);
  levels_.back().z = levels_.back().right;  // of the last cell: its couplings lead nowhere
  for (std::size_t k = levels_.size() - 1; k-- > 0;) {
    levels_[k + 1].fill_ghosts();
    interpolate(levels_[k + 1], levels_[k]);
    relax(k);
  }
}

void Cycle::relax(std::size_t level) {
  Stencil& s = levels_[level];
  const bool coarse = level > 0;
  if (effort_ == Effort::large || (coarse && effort_ == Effort::coarse)) relax_along_y(s);
  for (int round = 0; round < (coarse && effort_ != Effort::small ? 2 : 1); ++round) {
    relax_along_x(s);
    relax_along_y(s);
  }
}

void Cycle::apply(const Values& r, double largest, Values& z) {
  solve(r, largest);
  const Stencil& s = levels_.front();
  give([&](Index cells, int) { return load(s.z.data() + cells); }, z);
}

void Cycle::apply(const Values& r, double largest, Values& z, const ShortWaves& part) {
  solve(r, largest);
  Stencil& s = levels_.front();
  s.fill_ghosts(s.right);
  const std::array forward = {s.forward_offsets(0), s.forward_offsets(1)};
  const std::array backward = {s.backward_offsets(0), s.backward_offsets(1)};
  const double share = 1.0 / (part.unit - 1.0);
  give(
      [&](Index cells, int colour) {
        const auto c = static_cast<std::size_t>(colour);
        return load(s.z.data() + cells) + share * part.at(s, cells, forward[c], backward[c]);
      },
      z);
}

}  // namespace wpg
