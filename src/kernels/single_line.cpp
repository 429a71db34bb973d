#include "single_line.hpp"

#include <algorithm>

namespace wpg {

SingleLine::SingleLine(const Axis& axis, double epsilon)
    : symbol_(axis, epsilon),
      transform_({symbol_.length}),
      line_(transform_.box_buffer()),
      spectrum_(transform_.spectrum_buffer()) {}

void SingleLine::convolve(double* cells) const {
  double* const line = BoxTransform::real(line_);
  const Index* const at = symbol_.positions.data();
  std::fill(line + symbol_.cells, line + symbol_.length, 0.0);
  for (Index i = 0; i < symbol_.cells; ++i) line[at[i]] = cells[i];
  transform_.forward(line_, spectrum_);
  // The line is real, so V_{-k} is the conjugate of V_k.
  std::complex<double>* const v = spectrum_.data();
  for (std::size_t k = 0; k < symbol_.same.size(); ++k) {
    v[k] =
        symbol_.mirror.empty() ? symbol_.same[k] * v[k] : symbol_.same[k] * v[k] + symbol_.mirror[k] * std::conj(v[k]);
  }
  transform_.backward(spectrum_, line_);
  for (Index i = 0; i < symbol_.cells; ++i) cells[i] = line[at[i]];
}

std::size_t SingleLine::memory() const {
  return static_cast<std::size_t>(line_.size() + spectrum_.size()) * sizeof(std::complex<double>) +
         symbol_.positions.size() * sizeof(Index) + symbol_.same.size() * sizeof(double) +
         symbol_.mirror.size() * sizeof(std::complex<double>);
}

}  // namespace wpg
