#pragma once
#include "fftw.hpp"
#include "line_symbol.hpp"

namespace wpg {

/// Convolution of one line of cells alone, by a real transform of FFTW's. It works in memory of its own: not from two
/// threads at once.
class SingleLine {
 public:
  SingleLine(const Axis& axis, double epsilon);

  Index cells() const { return symbol_.cells; }
  /// Convolves the cells.
  void convolve(double* cells) const;
  /// Bytes held.
  std::size_t memory() const;

 private:
  LineSymbol symbol_;
  BoxTransform transform_;
  FftBuffer line_, spectrum_;
};

}  // namespace wpg
