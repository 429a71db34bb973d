#pragma once
#include <optional>
#include <vector>

#include "fftw.hpp"
#include "line_passes.hpp"

namespace wpg {

/// Discrete Fourier transforms of `lanes` complex lines of one length in lockstep, in place: point j of all of them is
/// the pack z[j], so that no arithmetic crosses lanes and no data are shuffled.
///
/// Forward, a pass of butterflies of radix r turns a block of r m points into r blocks of m, which hold the frequencies
/// p, p + r, p + 2r, ... for p = 0 ... r-1 (decimation in frequency, Gentleman and Sande 1966). So the frequencies end
/// up permuted, see frequencies(); backward, the passes are undone in the opposite order (decimation in time), and
/// nothing is reordered. Lengths with prime factors above largest_radix go through FFTW.
class LineTransform {
 public:
  /// A length from `at_least` on that is transformed fast.
  static Index good_length(Index at_least);

  /// Time per point of a transform forward and backward, in units of that of a pass of radix 4 (measured).
  static double passes_worth(Index length);

  explicit LineTransform(Index length);
  Index length() const { return length_; }
  /// The frequency that stands at each place of a transformed line.
  const std::vector<Index>& frequencies() const { return frequencies_; }
  /// Packs of memory that a transform needs: `length`, and more behind them where FFTW transforms.
  Index points() const;

  /// sum_j z_j exp(-+2 pi i j k / length), not normalised. From several threads at once on different lines.
  void forward(ComplexPack* z) const;
  void backward(ComplexPack* z) const;
  /// forward, multiplication of each place by its factor, backward: in one go, while blocks are in the cache. Where the
  /// factors of the frequencies k and length - k are equal, real and imaginary parts do not mix.
  void convolve(ComplexPack* z, const double* factors) const;

  /// Bytes held.
  std::size_t memory() const;

 private:
  std::size_t together(std::size_t first) const;
  void forward(ComplexPack* z, std::size_t first) const;
  void backward(ComplexPack* z, std::size_t first) const;
  void convolve(ComplexPack* z, const double* factors, std::size_t first) const;
  void one_by_one(ComplexPack* z, Sense sense) const;

  Index length_;
  std::vector<LinePass> passes_;  ///< none where FFTW transforms
  std::vector<Index> frequencies_;
  std::optional<FourierTransform> other_;
};

}  // namespace wpg
