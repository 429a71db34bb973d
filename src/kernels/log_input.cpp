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
    // Four packs in turns, as each waits for its last comparison.
    std::array<Pack, 4> top;
    top.fill(broadcast(-infinity));
    PackBits sound = ~PackBits{};
    const auto take = [&](std::size_t p, Pack x) {
      sound &= x < infinity;
      top[p] = max(x, top[p]);
    };
    Index i = k * block;
    for (; i + Index{4} * lanes <= end; i += Index{4} * lanes) {
      for (Index p = 0; p < 4; ++p) take(static_cast<std::size_t>(p), load(in.data() + i + p * lanes));
    }
    for (; i < end; i += lanes) take(0, load_some(in.data() + i, end - i, -infinity));
    partial[k] = any(~sound) ? infinity : largest(max(max(top[0], top[1]), max(top[2], top[3])));
  });
  return Eigen::Map<const Values>(partial, count).maxCoeff();
}

bool exponentiate(const double* in, double* out, Index size, double shift) {
  PackBits flushed{};
  for (Index i = 0; i < size; i += lanes) {
    store_some(out + i, size - i, exponential(load_some(in + i, size - i, shift), shift, flushed));
  }
  return any(flushed);
}

}  // namespace wpg
