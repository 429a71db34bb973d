#include <algorithm>

#include "jko/cycle.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

void restrict_right(const Stencil& fine, Stencil& coarse) {
  parallel_sweep(coarse.rows, fine.columns * fine.rows, [&](Index j) {
    const auto total = [&](Index k) {
      Pack sum{};
      for (const Index row : {2 * j, 2 * j + 1}) {
        for (const int colour : {0, 1}) {
          const Index p = fine.at(colour, k, row);
          sum += load(fine.share.data() + p) * load(fine.right.data() + p);
        }
      }
      return sum;
    };
    for (Index k = 0; k < coarse.columns; k += Index{2} * lanes) {
      store_apart(coarse.right, coarse, j, k, total(k), total(k + lanes));
    }
  });
}

void interpolate(const Stencil& coarse, Stencil& fine) {
  parallel_sweep(fine.rows, fine.columns * fine.rows, [&](Index j) {
    thread_local std::vector<double> row;
    const Index n = coarse.columns;
    if (static_cast<Index>(row.size()) < n + 6 * lanes) row.resize(static_cast<std::size_t>(n + 6 * lanes));
    double* const v = row.data() + 1;
    const Index near = j / 2;
    Index far = near + (j % 2 == 0 ? -1 : 1);
    if (!coarse.periodic[1]) far = std::clamp<Index>(far, 0, coarse.rows - 1);
    const auto blend = [&](int colour, Index k) {
      return 0.75 * load(coarse.z.data() + coarse.at(colour, k, near)) +
             0.25 * load(coarse.z.data() + coarse.at(colour, k, far));
    };
    for (Index i = 0; i < n; i += 2 * lanes) {
      Pack low, high;
      interleave(blend(0, i / 2), blend(1, i / 2), low, high);
      store(v + i, low);
      store(v + i + lanes, high);
    }
    v[-1] = coarse.periodic[0] ? v[n - 1] : v[0];
    v[n] = coarse.periodic[0] ? v[0] : v[n - 1];
    for (Index k = 0; k < n; k += lanes) {
      const Pack centre = 0.75 * load(v + k);
      store(fine.z.data() + fine.at(0, k, j), centre + 0.25 * load(v + k - 1));
      store(fine.z.data() + fine.at(1, k, j), centre + 0.25 * load(v + k + 1));
    }
  });
}

}  // namespace wpg
