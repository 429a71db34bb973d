#pragma once
#include <algorithm>
#include <array>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// The lines along one axis in bundles of `lanes`, so that one instruction works on as many lines.
/// The last bundle repeats its last line where the number of lines is not a multiple; scatter leaves the repeats out.
class Bundles {
 public:
  Bundles(const Grid& grid, int axis) : lines_(lines(grid, axis)) {}

  Index count() const { return (lines_.count + lanes - 1) / lanes; }
  Index length() const { return lines_.length; }
  Index cells() const { return lines_.count * lines_.length; }

  /// to[i] = cell i of the bundle's lines.
  void gather(const double* from, Index bundle, Pack* to) const {
    if (adjacent(bundle)) {
      from += first(bundle, 0);
      for (Index i = 0; i < lines_.length; ++i) to[i] = load(from + i * lines_.stride);
      return;
    }
    std::array<const double*, lanes> line;
    for (int lane = 0; lane < lanes; ++lane) line[lane] = from + first(bundle, lane);
    Index i = 0;
    for (; lines_.stride == 1 && i + lanes <= lines_.length; i += lanes) {
      Pack square[lanes];
      for (int lane = 0; lane < lanes; ++lane) square[lane] = load(line[lane] + i);
      transpose(square);
      for (int k = 0; k < lanes; ++k) to[i + k] = square[k];
    }
    for (; i < lines_.length; ++i) {
      for (int lane = 0; lane < lanes; ++lane) to[i][lane] = line[lane][i * lines_.stride];
    }
  }

  void scatter(const Pack* from, Index bundle, double* to) const {
    if (adjacent(bundle)) {
      to += first(bundle, 0);
      for (Index i = 0; i < lines_.length; ++i) store(to + i * lines_.stride, from[i]);
      return;
    }
    const int used = static_cast<int>(std::min<Index>(lanes, lines_.count - bundle * lanes));
    std::array<double*, lanes> line;
    for (int lane = 0; lane < used; ++lane) line[lane] = to + first(bundle, lane);
    Index i = 0;
    for (; lines_.stride == 1 && i + lanes <= lines_.length; i += lanes) {
      Pack square[lanes];
      for (int k = 0; k < lanes; ++k) square[k] = from[i + k];
      transpose(square);
      for (int lane = 0; lane < used; ++lane) store(line[lane] + i, square[lane]);
    }
    for (; i < lines_.length; ++i) {
      for (int lane = 0; lane < used; ++lane) line[lane][i * lines_.stride] = from[i][lane];
    }
  }

 private:
  Index first(Index bundle, int lane) const { return lines_.first(std::min(bundle * lanes + lane, lines_.count - 1)); }
  bool adjacent(Index bundle) const {
    const Index begin = bundle * lanes;
    return begin + lanes <= lines_.count && begin % lines_.stride + lanes <= lines_.stride;
  }

  Lines lines_;
};

}  // namespace wpg
