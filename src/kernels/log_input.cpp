#include "log_input.hpp"

#include <algorithm>
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
    const Index begin = k * block;
    const Index size = std::min(block, in.size() - begin);
    bool sound = true;
    for (Index i = begin; i < begin + size; ++i) sound &= in[i] < infinity;
    partial[k] = sound ? in.segment(begin, size).maxCoeff() : infinity;
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
