#pragma once
#include <array>

#include "kernels/line_transform.hpp"
#include "kernels/tilted_line.hpp"

namespace wpg {

/// 2 `lanes` neighbouring lines of a field on their way through a tilted convolution: the first half are the real parts
/// of a line of packs, the second half the imaginary parts.
class TiltedBatch {
 public:
  static constexpr Index width = Index{2} * lanes;
  template <class T>
  using PerLine = std::array<T, static_cast<std::size_t>(width)>;
  static Index batches(const Lines& all) { return (all.count + width - 1) / width; }

  /// The lines from number * width on; `memory` holds transform.points() packs.
  TiltedBatch(const TiltedLine& axis, const LineTransform& transform, const Lines& all, Index number,
              ComplexPack* memory);

  /// Number of lines, and the first of them.
  Index count() const { return count_; }
  Index begin() const { return begin_; }

  /// Takes exp(field - form - shift), lines along x; beyond count() shifts do not matter. Returns the largest, or
  /// infinity where a value is not a number or too large.
  double load_remainders(const double* field, const std::vector<double>& form, const PerLine<double>& shifts);
  /// Takes the lines of a field as they are.
  void load(const double* field);
  /// Convolves, by the axis' factors in the order of the places of a transformed line.
  void convolve(const double* factors);
  /// Writes the results.
  void store(double* field) const;
  /// Writes log(results) + form + shift, and tells whether all results are at least `floor`; with masses, those where
  /// these are positive. Results below 1e-300 are taken for that.
  bool store_logs(double* field, const PerLine<double>& shifts, double floor, const double* masses) const;

 private:
  const double* gather(const double* from, std::size_t half, Index cell, double* apart) const;
  void scatter(double* to, std::size_t half, Index cell, Pack values) const;

  const TiltedLine& axis_;
  const LineTransform& transform_;
  Index stride_;
  Index begin_, count_;
  bool adjacent_;           ///< whether one load fetches a cell of `lanes` lines
  PerLine<Index> first_{};  ///< of each line; beyond `count` the last line again
  ComplexPack* z_;
};

}  // namespace wpg
