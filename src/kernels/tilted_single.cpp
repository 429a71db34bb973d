#include "kernels/tilted_single.hpp"

#include <algorithm>

namespace wpg {

TiltedSingle::TiltedSingle(const TiltedLine& axis)
    : transform_({axis.length()}),
      line_((axis.length() + lanes + 1) / 2),  // the reader looks beyond the end
      spectrum_(transform_.spectrum_buffer()) {
  std::fill_n(line_.data(), line_.size(), 0.0);
}

void TiltedSingle::convolve(const TiltedLine& axis, double* cells) const {
  double* const line = BoxTransform::real(line_);
  std::fill_n(line, axis.length(), 0.0);
  std::copy_n(cells, axis.cells(), line + axis.lead());
  transform_.forward(line_, spectrum_);
  std::complex<double>* mode = spectrum_.data();
  for (const double factor : axis.symbol()) *mode++ *= factor;
  transform_.backward(spectrum_, line_);
  axis.reader().read(line, [&](Index i, double value) { cells[i] = value; });
}

std::size_t TiltedSingle::memory() const {
  return static_cast<std::size_t>(line_.size() + spectrum_.size()) * sizeof(std::complex<double>);
}

}  // namespace wpg
