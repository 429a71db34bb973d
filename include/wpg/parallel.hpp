#pragma once
#include <algorithm>

#include "wpg/grid.hpp"

namespace wpg {

/// Sets the number of threads of all loops (at least 1). Results do not depend on it, to the last bit.
void set_threads(int count);
int threads();

/// Runs body(k) for k in [0, count) on all threads; iterations must be independent of each
/// other and must not throw.
template <class Body>
void parallel_for(Index count, Body&& body) {
#pragma omp parallel for schedule(static)
  for (Index k = 0; k < count; ++k) body(k);
}

/// Splits [0, size) into fixed blocks (the same for any number of threads) and runs body(begin, end) on each.
/// The block is large enough to amortise the loop and small enough to stay in the first-level cache.
template <class Body>
void parallel_blocks(Index size, Body&& body) {
  constexpr Index block = 2048;
  parallel_for((size + block - 1) / block, [&](Index k) { body(k * block, std::min(size, (k + 1) * block)); });
}

}  // namespace wpg
