#pragma once
#include <complex>
#include <vector>

#include "fftw.hpp"

namespace wpg {

/// Convolution of lines of cells along one axis with the sampled Gaussian of variance epsilon, two lines at a time as
/// the real and imaginary part of one complex line. The kernel is real and symmetric, so it acts on the two parts
/// independently.
///
/// A periodic axis is one cyclic convolution; a free axis is padded with zeros. A reflecting axis is the cyclic
/// convolution of the mirrored line y of length 2n; its even entries alone, v_j = y_2j, hold every cell once (Makhoul
/// 1980), and since y_{2j+1} = v_{n-1-j} the eigenvalues S act on them in place, with w_k = exp(i pi k / n), by
///     V_k <- [(S_k + S_{n-k}) V_k + (S_k - S_{n-k}) w_k V_{-k}] / 2,
/// so no transform is longer than the line.
class LineConvolution {
 public:
  LineConvolution(const Axis& axis, double epsilon);
  /// Length of the transforms that an axis needs: the number of its cells, or more where it is free.
  static Index length_for(const Axis& axis, double epsilon);

  Index cells() const { return cells_; }
  Index length() const { return transform_.length(); }
  /// Where cell i stands in the packed line.
  const std::vector<Index>& positions() const { return positions_; }
  /// Whether entries of the packed line beyond the cells must be zero before a convolution.
  bool padded() const { return length() > cells_; }

  /// Convolves the packed line z, with the scratch line y of the same length.
  void convolve(std::complex<double>* z, std::complex<double>* y) const;

 private:
  void plan_cyclic(const std::vector<double>& symbol);
  void plan_mirrored(const std::vector<double>& symbol);
  void multiply_mirrored(double* y) const;

  Index cells_;
  FourierTransform transform_;
  std::vector<Index> positions_;
  std::vector<double> same_;                  ///< factor of V_k, with the 1/length of the transform
  std::vector<std::complex<double>> mirror_;  ///< factor of V_{-k}; empty where there is none
};

}  // namespace wpg
