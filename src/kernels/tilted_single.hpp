#pragma once
#include "fftw.hpp"
#include "kernels/tilted_line.hpp"

namespace wpg {

/// One line of remainders alone on its way through a tilted convolution, by a real transform of FFTW's. It works in
/// memory of its own: not from two threads at once.
class TiltedSingle {
 public:
  explicit TiltedSingle(const TiltedLine& axis);

  /// Convolves the cells, and reads them at the points that the axis is prepared for.
  void convolve(const TiltedLine& axis, double* cells) const;
  /// Bytes held.
  std::size_t memory() const;

 private:
  BoxTransform transform_;
  FftBuffer line_, spectrum_;
};

}  // namespace wpg
