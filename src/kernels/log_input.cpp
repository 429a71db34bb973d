#include "log_input.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "wpg/reduce.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

double largest_log(const Values& in) {
  constexpr Index block = cells_per_block;
  const Index count = (in.size() + block - 1) / block;
  double* const partial = partial_sums(count);
  parallel_for(count, [&](Index k) {
    const Index end = std::min((k + 1) * block, in.size());
    // Four packs at a time, as each waits for its last comparison.
    std::array<Pack, 4> top;
    top.fill(broadcast(-infinity));
    PackBits sound = ~PackBits{};
    for (Index i = k * block; i < end; i += Index{4} * lanes) {
      for (Index p = 0; p < 4; ++p) {
        const Index at = std::min(i + p * lanes, end);
        const Pack x = load_some(in.data() + at, end - at, -infinity);
        sound &= x < infinity;
        top[static_cast<std::size_t>(p)] = max(x, top[static_cast<std::size_t>(p)]);
      }
    }
    partial[k] = any(~sound) ? infinity : largest(max(max(top[0], top[1]), max(top[2], top[3])));
  });
  return Eigen::Map<const Values>(partial, count).maxCoeff();
}

bool exponentiate(const double* in, double* out, Index size, double shift) {
  PackBits flushed{};
  for (Index i = 0; i < size; i += lanes) {
    store_some(out + i, size - i, exponential(in + i, size - i, shift, flushed));
  }
  return any(flushed);
}

}  // namespace wpg
