#pragma once
#include <complex>
#include <vector>

#include "wpg/grid.hpp"

namespace wpg {

/// Convolution with the sampled Gaussian of variance epsilon along one axis, as it acts on the spectrum of a line of
/// cells, or of two lines as the real and the imaginary part of one: the kernel is real and symmetric, and so acts on
/// the two parts independently.
///
/// A periodic axis is one cyclic convolution; a free axis is padded with zeros. A reflecting axis is the cyclic
/// convolution of the mirrored line y of length 2n; its even entries alone, v_j = y_2j, hold every cell once (Makhoul
/// 1980), and since y_{2j+1} = v_{n-1-j} the eigenvalues S act on them in place, with w_k = exp(i pi k / n), by
///     V_k <- [(S_k + S_{n-k}) V_k + (S_k - S_{n-k}) w_k V_{-k}] / 2,
/// so no transform is longer than the line.
struct LineSymbol {
  LineSymbol(const Axis& axis, double epsilon);
  /// Length of the transforms that an axis needs: the number of its cells, or more where it is free.
  static Index length_for(const Axis& axis, double epsilon);

  Index cells;
  Index length;
  std::vector<Index> positions;  ///< where each cell stands in the line that is transformed; zeros stand elsewhere
  /// Factors of V_k and of V_{-k} for k = 0 ... length/2, with the 1/length of the transforms. Those of length - k are
  /// equal and conjugate. `mirror` is empty where there are no mirror images.
  std::vector<double> same;
  std::vector<std::complex<double>> mirror;

 private:
  void plan_cyclic(const std::vector<double>& eigenvalues);
  void plan_mirrored(const std::vector<double>& eigenvalues);
};

}  // namespace wpg
