#include "jko/tridiagonal.hpp"

namespace wpg {

void Tridiagonal::prepare(Index length) {
  if (static_cast<Index>(own.size()) >= length) return;
  for (auto* packs : {&own, &up, &down, &right}) packs->resize(static_cast<std::size_t>(length));
}

void Tridiagonal::close(std::size_t i, Pack& coupling, Pack value) {
  own[i] += coupling;
  right[i] += coupling * value;
  coupling = Pack{};
}

void Tridiagonal::close_last(Index last, Pack value) {
  const auto i = static_cast<std::size_t>(last);
  close(i, up[i], value);
}

/// In terms of t = 1 - (eliminated upper entry), which keeps the diagonal's own part.
void Tridiagonal::solve(Index length) {
  const auto n = static_cast<std::size_t>(length);
  Pack t = broadcast(1.0);
  Pack z{};
  for (std::size_t i = 0; i < n; ++i) {
    const Pack lower = own[i] + down[i] * t;
    const Pack inverse = 1.0 / (lower + up[i]);
    z = (right[i] + down[i] * z) * inverse;
    t = lower * inverse;
    right[i] = z;
    up[i] *= inverse;
  }
  for (std::size_t i = n - 1; i-- > 0;) right[i] += up[i] * right[i + 1];
}

}  // namespace wpg
