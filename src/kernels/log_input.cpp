#include "log_input.hpp"

#include <algorithm>
#include <limits>

#include "wpg/reduce.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

double largest_log(const Values& in) {
  constexpr Index block = 2048;
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
  Eigen::Map<Values> e(out, size);
  const Eigen::Map<const Values> x(in, size);
  e = (x - shift).max(-log_input_depth).exp();
  bool flushed = false;
  for (Index i = 0; i < size; ++i) {
    const double d = in[i] - shift;
    out[i] = d < -log_input_depth ? 0.0 : out[i];
    flushed |= d < -log_input_depth && d > -infinity;
  }
  return flushed;
}

}  // namespace wpg
