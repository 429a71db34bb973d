#include "jko/correction.hpp"

#include "wpg/parallel.hpp"

namespace wpg {

void Correction::form(Index begin, Index n, double* d) const {
  const double* const r = residual.data() + begin;
  const double* const z = other.data() + begin;
  for (Index i = 0; i < n; ++i) d[i] = plain_share * r[i] + other_share * z[i];
}

void Correction::advance(const Values& x, Values& out) const {
  parallel_blocks(x.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    out.segment(begin, n) =
        x.segment(begin, n) + (plain_share * residual.segment(begin, n) + other_share * other.segment(begin, n));
  });
}

}  // namespace wpg
