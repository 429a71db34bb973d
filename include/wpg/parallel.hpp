#pragma once
#include <algorithm>

#include "wpg/grid.hpp"

namespace wpg {

/// Sets the number of threads of all loops (at least 1). Results do not depend on it, to the last bit.
void set_threads(int count);
int threads();

/// Runs body(k) for k in [0, count) on all threads; iterations must be independent of each
/// other and must not throw. Below `fewest` iterations one thread does them: waking the others would cost more.
template <class Body>
void parallel_for(Index count, Body&& body, Index fewest = 4) {
#pragma omp parallel for schedule(static) if (count >= fewest)
  for (Index k = 0; k < count; ++k) body(k);
}

/// Cells of a block: enough to amortise the loop, few enough to stay in the first-level cache; and the fewest blocks of
/// cell-by-cell arithmetic that are worth more than one thread.
inline constexpr Index cells_per_block = 2048;
inline constexpr Index fewest_blocks = 16;

/// Runs body(k) for `count` pieces of a sweep over `cells` cells: on all threads where the sweep is worth waking them.
template <class Body>
void parallel_sweep(Index count, Index cells, Body&& body) {
  parallel_for(count, body, cells >= 4 * cells_per_block ? 2 : count + 1);
}

/// Splits [0, size) into fixed blocks (the same for any number of threads) and runs body(begin, end) on each.
template <class Body>
void parallel_blocks(Index size, Body&& body) {
  parallel_for((size + cells_per_block - 1) / cells_per_block,
               [&](Index k) { body(k * cells_per_block, std::min(size, (k + 1) * cells_per_block)); }, fewest_blocks);
}

}  // namespace wpg
