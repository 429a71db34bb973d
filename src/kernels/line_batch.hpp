#pragma once
#include <array>
#include <complex>

#include "line_convolution.hpp"

namespace wpg {

/// Up to eight neighbouring lines on their way through a convolution, packed in pairs. Lines of very different size
/// share no rounding: the second of a pair is brought to the exponent of the first, exactly, by a power of two.
class LineBatch {
 public:
  static constexpr Index width = 8;
  template <class T>
  using PerLine = std::array<T, static_cast<std::size_t>(width)>;

  /// Complex numbers of scratch that a batch needs.
  static Index scratch(const LineConvolution& axis) { return (width / 2 + 1) * pitch(axis); }

  /// The lines are `stride` apart in memory from cell to cell; `memory` holds scratch(axis) numbers.
  LineBatch(const LineConvolution& axis, Index stride, std::complex<double>* memory)
      : axis_(axis), stride_(stride), pitch_(pitch(axis)), packed_(memory) {}

  /// Reads `count` lines (at most `width`) and convolves them. Beyond `count`, `in` repeats the last one.
  void convolve(const PerLine<const double*>& in, Index count);
  /// Writes the results; a line of zeros gives exact zeros. Beyond `count` lines, `out` repeats the last one.
  void store(const PerLine<double*>& out);

  /// The largest |input| and the smallest result of each line, valid after store().
  const PerLine<double>& largest() const { return largest_; }
  const PerLine<double>& smallest() const { return smallest_; }
  Index count() const { return count_; }

 private:
  static Index pitch(const LineConvolution& axis);
  std::complex<double>* line(Index pair) const { return packed_ + pair * pitch_; }
  void load(const PerLine<const double*>& in);
  void equalise(Index pair);

  const LineConvolution& axis_;
  Index stride_;
  Index pitch_;
  std::complex<double>* packed_;
  Index count_ = 0;
  PerLine<double> largest_{}, smallest_{}, factor_{};
};

}  // namespace wpg
