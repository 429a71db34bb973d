#pragma once
#include <array>

#include "line_convolution.hpp"

namespace wpg {

/// 2 `lanes` neighbouring lines of a field on their way through a convolution: the first half are the real parts of a
/// line of packs, the second half the imaginary parts. Lines of very different size share no rounding: of two that are
/// one complex line and more than a factor of two apart, the second is brought to the exponent of the first, exactly,
/// by a power of two.
class LineBatch {
 public:
  static constexpr Index width = Index{2} * lanes;
  static Index batches(const Lines& all) { return (all.count + width - 1) / width; }

  /// The lines from number * width on; `memory` holds axis.points() packs.
  LineBatch(const LineConvolution& axis, const Lines& all, Index number, ComplexPack* memory);

  /// Reads the lines from a field.
  void load(const double* field);
  /// Reads exp(field - shift) as exponentiate() does; tells whether anything but -infinity became zero.
  bool load_exp(const double* field, double shift);
  void convolve();
  /// Writes the results to a field; a line of zeros gives exact zeros.
  void store(double* field);
  /// Writes log(results) + shift.
  void store_log(double* field, double shift);

  /// Number of lines, and of each the largest |input| and, after a store, the smallest result.
  Index count() const { return count_; }
  double largest(Index line) const { return largest_[static_cast<std::size_t>(line / lanes)][line % lanes]; }
  double smallest(Index line) const { return smallest_[static_cast<std::size_t>(line / lanes)][line % lanes]; }

 private:
  template <class Map>
  void load_as(const double* field, Map&& map);
  template <class Map>
  void load_rows(const double* field, Map& map);
  template <class Map, class Cell>
  void load_cells(Map& map, Cell&& cell);
  template <class Map>
  void store_as(double* field, Map&& map);
  template <class Map>
  void store_rows(double* field, Map&& map);
  template <class Map, class Cell>
  void store_cells(Map&& map, Cell&& cell);

  const LineConvolution& axis_;
  Index stride_;
  Index count_;
  bool adjacent_;                     ///< whether one load fetches a cell of `lanes` lines
  std::array<Index, width> first_{};  ///< of each line; beyond `count` the last line again
  ComplexPack* z_;
  std::array<Pack, 2> largest_{}, smallest_{}, factor_{};
};

}  // namespace wpg
