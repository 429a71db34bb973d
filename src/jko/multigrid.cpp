#include "jko/multigrid.hpp"

#include "jko/stencil_assembly.hpp"
#include "jko/zebra.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
Multigrid::Multigrid(const Grid& grid, double gamma_prime, double epsilon)
    : grid_(grid), coupling_(gamma_prime + epsilon), conductivity_(grid, epsilon) {
  const std::array<bool, 2> periodic = {grid.axis(0).boundary == Boundary::periodic,
                                        grid.axis(1).boundary == Boundary::periodic};
  levels_.emplace_back(grid.axis(0).cells, grid.axis(1).cells, periodic);
  while (levels_.back().columns * levels_.back().rows > 1) {
    levels_.emplace_back((levels_.back().columns + 1) / 2, (levels_.back().rows + 1) / 2, periodic);
  }
}

std::size_t Multigrid::memory() const {
  std::size_t bytes = conductivity_.memory();
  for (const Stencil& level : levels_) bytes += level.memory();
  return bytes;
}

void Multigrid::update(const Values& log_q, const Values& log_rho, const Values& trust) {
  conductivity_.update(log_q, trust);
  parallel_sweep(levels_.front().rows, grid_.size(),
                 [&](Index j) { assemble_row(conductivity_, log_rho, coupling_, j, levels_.front()); });
  for (std::size_t k = 0; k + 1 < levels_.size(); ++k) coarsen(levels_[k], levels_[k + 1]);
}

void Multigrid::take_right(const Values& r) {
  Stencil& s = levels_.front();
  const Index n = s.columns;
  parallel_sweep(s.rows, grid_.size(), [&](Index j) {
    for (Index i = 0; i < n; i += Index{2} * lanes) {
      const double* values = r.data() + j * n + i;
      store_apart(s.right, s, j, i, load_some(values, n - i, 0.0),
                  n - i > lanes ? load_some(values + lanes, n - i - lanes, 0.0) : Pack{});
    }
  });
}

void Multigrid::give(Values& z) const {
  const Stencil& s = levels_.front();
  const Index n = s.columns;
  parallel_sweep(s.rows, grid_.size(), [&](Index j) {
    for (Index i = 0; i < n; i += Index{2} * lanes) {
      Pack low, high;
      interleave(load(s.z.data() + s.at(0, i / 2, j)), load(s.z.data() + s.at(1, i / 2, j)), low, high);
      store_some(z.data() + j * n + i, n - i, low);
      if (n - i > lanes) store_some(z.data() + j * n + i + lanes, n - i - lanes, high);
    }
  });
}

void Multigrid::apply(Values& z) {
  take_right(z);
  for (std::size_t k = 0; k + 1 < levels_.size(); ++k) restrict_right(levels_[k], levels_[k + 1]);
  levels_.back().z = levels_.back().right;  // of the last cell: its couplings lead nowhere
  for (std::size_t k = levels_.size() - 1; k-- > 0;) {
    levels_[k + 1].fill_ghosts();
    interpolate(levels_[k + 1], levels_[k]);
    relax_lines(levels_[k]);
  }
  give(z);
}

}  // namespace wpg
