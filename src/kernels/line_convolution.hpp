#pragma once
#include <vector>

#include "line_symbol.hpp"
#include "line_transform.hpp"

namespace wpg {

/// Convolution of 2 `lanes` lines of cells along one axis with the sampled Gaussian, as the real and imaginary parts of
/// the packs of a LineTransform. See LineSymbol for how.
class LineConvolution {
 public:
  LineConvolution(const Axis& axis, double epsilon);

  Index cells() const { return static_cast<Index>(positions_.size()); }
  /// Packs of memory that a line needs.
  Index points() const { return transform_.points(); }
  /// Where cell i stands in the line of packs.
  const std::vector<Index>& positions() const { return positions_; }

  /// Convolves the line of packs z; what stands between the cells need not be zero.
  void convolve(ComplexPack* z) const;

  /// Bytes held.
  std::size_t memory() const;

 private:
  /// The places of frequencies k and -k, and the factors of the one and of the other that make up the first.
  struct Mirrored {
    Index place, image;
    double same;
    Twiddle mirror;
  };

  LineTransform transform_;
  std::vector<Index> positions_;
  std::vector<double> factors_;     ///< by place; on axes that do not reflect
  std::vector<Mirrored> mirrored_;  ///< on reflecting axes
};

}  // namespace wpg
