#include "line_batch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wpg {
namespace {

using Pair = Eigen::Array2d;
/// One value per line, in registers.
using PerPair = std::array<Pair, LineBatch::width / 2>;

/// Whether the lines start at neighbouring addresses, so that one load fetches a cell of each.
template <class Pointer>
bool adjacent(const LineBatch::PerLine<Pointer>& lines) {
  for (std::size_t l = 1; l < lines.size(); ++l) {
    if (lines[l] != lines[0] + l) return false;
  }
  return true;
}

}  // namespace

Index LineBatch::pitch(const LineConvolution& axis) {
  constexpr Index unit = FourierTransform::alignment;
  // One unit more than needed keeps lines of a power-of-two length apart in the cache's sets.
  return (axis.length() + unit - 1) / unit * unit + unit;
}

void LineBatch::load(const PerLine<const double*>& in) {
  const auto read = [&](auto&& cell_of) {
    PerPair top;
    top.fill(Pair::Zero());
    for (Index i = 0; i < axis_.cells(); ++i) {
      double* const z = reinterpret_cast<double*>(packed_ + axis_.positions()[static_cast<std::size_t>(i)]);
      for (std::size_t p = 0; p < top.size(); ++p) {
        const Pair cell = cell_of(p, i * stride_);
        top[p] = top[p].max(cell.abs());
        Eigen::Map<Pair>(z + 2 * static_cast<Index>(p) * pitch_) = cell;
      }
    }
    for (std::size_t l = 0; l < in.size(); ++l) largest_[l] = top[l / 2][static_cast<Index>(l % 2)];
  };
  if (adjacent(in)) {
    read([&](std::size_t p, Index at) -> Pair { return Eigen::Map<const Pair>(in[0] + 2 * p + at); });
  } else {
    read([&](std::size_t p, Index at) { return Pair(in[2 * p][at], in[2 * p + 1][at]); });
  }
}

void LineBatch::equalise(Index pair) {
  const auto a = static_cast<std::size_t>(2 * pair);
  const std::size_t b = a + 1;
  factor_[a] = largest_[a] > 0.0 ? 1.0 : 0.0;
  factor_[b] = largest_[b] > 0.0 ? 1.0 : 0.0;
  if (!(largest_[a] > 0.0) || !(largest_[b] > 0.0)) return;
  const int shift = std::clamp(std::ilogb(largest_[a]) - std::ilogb(largest_[b]), -1000, 1000);
  if (shift == 0) return;
  const double scale = std::ldexp(1.0, shift);
  factor_[b] = std::ldexp(1.0, -shift);
  std::complex<double>* const z = line(pair);
  for (Index k = 0; k < axis_.cells(); ++k) z[k].imag(z[k].imag() * scale);
}

void LineBatch::convolve(const PerLine<const double*>& in, Index count) {
  count_ = count;
  load(in);
  for (Index pair = 0; 2 * pair < count; ++pair) {
    if (axis_.padded()) std::fill(line(pair) + axis_.cells(), line(pair) + axis_.length(), 0.0);
    equalise(pair);
    axis_.convolve(line(pair), line(width / 2));
  }
}

void LineBatch::store(const PerLine<double*>& out) {
  const auto write = [&](auto&& put) {
    PerPair factor;
    PerPair bottom;
    for (std::size_t l = 0; l < out.size(); ++l) factor[l / 2][static_cast<Index>(l % 2)] = factor_[l];
    bottom.fill(Pair::Constant(std::numeric_limits<double>::infinity()));
    for (Index i = 0; i < axis_.cells(); ++i) {
      const double* const z = reinterpret_cast<double*>(packed_ + axis_.positions()[static_cast<std::size_t>(i)]);
      for (std::size_t p = 0; p < bottom.size(); ++p) {
        const Pair cell = factor[p] * Eigen::Map<const Pair>(z + 2 * static_cast<Index>(p) * pitch_);
        bottom[p] = bottom[p].min(cell);
        put(p, i * stride_, cell);
      }
    }
    for (std::size_t l = 0; l < out.size(); ++l) smallest_[l] = bottom[l / 2][static_cast<Index>(l % 2)];
  };
  if (count_ == width && adjacent(out)) {
    write([&](std::size_t p, Index at, const Pair& cell) { Eigen::Map<Pair>(out[0] + 2 * p + at) = cell; });
  } else {
    write([&](std::size_t p, Index at, const Pair& cell) {
      if (2 * static_cast<Index>(p) >= count_) return;
      out[2 * p][at] = cell[0];
      out[2 * p + 1][at] = cell[1];
    });
  }
}

}  // namespace wpg
