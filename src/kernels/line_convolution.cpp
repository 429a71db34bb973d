#include "line_convolution.hpp"

#include <algorithm>

namespace wpg {

LineConvolution::LineConvolution(const Axis& axis, double epsilon) : transform_(LineSymbol::length_for(axis, epsilon)) {
  LineSymbol symbol(axis, epsilon);
  positions_ = std::move(symbol.positions);
  const std::vector<Index>& frequencies = transform_.frequencies();
  const auto n = frequencies.size();
  std::vector<Index> places(n);
  for (std::size_t p = 0; p < n; ++p) places[static_cast<std::size_t>(frequencies[p])] = static_cast<Index>(p);
  for (std::size_t p = 0; p < n; ++p) {
    const auto k = static_cast<std::size_t>(frequencies[p]);
    if (symbol.mirror.empty()) {
      factors_.push_back(symbol.same[std::min(k, n - k)]);
    } else if (2 * k <= n) {
      const std::complex<double> mirror = symbol.mirror[k];
      mirrored_.push_back({static_cast<Index>(p), places[(n - k) % n], symbol.same[k], {mirror.real(), mirror.imag()}});
    }
  }
}

void LineConvolution::convolve(ComplexPack* z) const {
  std::fill(z + cells(), z + transform_.length(), ComplexPack{});
  if (mirrored_.empty()) return transform_.convolve(z, factors_.data());
  transform_.forward(z);
  for (const Mirrored& m : mirrored_) {
    const ComplexPack a = z[m.place];
    const ComplexPack b = z[m.image];
    z[m.image] = m.same * b + conj_times(m.mirror, a);
    z[m.place] = m.same * a + m.mirror * b;
  }
  transform_.backward(z);
}

std::size_t LineConvolution::memory() const {
  return transform_.memory() + positions_.size() * sizeof(Index) + factors_.size() * sizeof(double) +
         mirrored_.size() * sizeof(Mirrored);
}

}  // namespace wpg
