#include "line_batch.hpp"

#include <algorithm>
#include <limits>

#include "log_input.hpp"

namespace wpg {
namespace {

Pack power_of_two(PackBits exponent) { return std::bit_cast<Pack>((exponent + 1023) << 52); }

/// What is done to cells as they are read: `rest` is read beyond the end of a line, size() bounds what comes out.
struct AsTheyAre {
  double rest = 0.0;
  template <int count>
  void operator()(Pack (&)[count]) const {}
  static Pack size(Pack cell) { return abs(cell); }
};

/// exp(cell - shift), right where the `lowest` difference is above -log_input_depth.
struct Exponentials {
  double rest;  ///< the shift
  Pack lowest{};
  template <int count>
  void operator()(Pack (&cells)[count]) {
    for (Pack& cell : cells) {
      cell -= rest;
      lowest = min(cell, lowest);
    }
    exp_in_range(cells);
  }
  static Pack size(Pack cell) { return cell; }
};

/// exp(cell - shift), zero where the difference is lower.
struct FlushedExponentials {
  double rest;  ///< the shift
  PackBits flushed{};
  template <int count>
  void operator()(Pack (&cells)[count]) {
    for (Pack& cell : cells) cell = exponential(cell, rest, flushed);
  }
  static Pack size(Pack cell) { return cell; }
};

}  // namespace

LineBatch::LineBatch(const LineConvolution& axis, const Lines& all, Index number, ComplexPack* memory)
    : axis_(axis), stride_(all.stride), count_(std::min(width, all.count - number * width)), z_(memory) {
  for (Index l = 0; l < width; ++l) {
    first_[static_cast<std::size_t>(l)] = all.first(number * width + std::min(l, count_ - 1));
  }
  adjacent_ = count_ == width && first_.back() == first_.front() + width - 1;
}

template <class Map>
void LineBatch::load_rows(const double* field, Map& map) {
  const Index* const at = axis_.positions().data();
  ComplexPack* const z = z_;
  const std::array<Index, width> first = first_;
  std::array<Pack, 2> top{};
  in_packs(axis_.cells(), [&](Index i, auto count) {
    for (std::size_t half = 0; half < 2; ++half) {
      Pack rows[lanes];
      for (std::size_t l = 0; l < lanes; ++l) {
        rows[l] = load_some(field + first[half * lanes + l] + i, count, map.rest);
      }
      map(rows);
      transpose(rows);
      for (Index c = 0; c < count; ++c) {
        part(z[at[i + c]], half) = rows[c];
        top[half] = max(top[half], map.size(rows[c]));
      }
    }
  });
  largest_ = top;
}

/// cell(i, half) reads a cell of half the lines.
template <class Map, class Cell>
void LineBatch::load_cells(Map& map, Cell&& cell) {
  const Index* const at = axis_.positions().data();
  ComplexPack* const z = z_;
  const Index cells = axis_.cells();
  std::array<Pack, 2> top{};
  for (Index i = 0; i < cells; ++i) {
    for (std::size_t half = 0; half < 2; ++half) {
      Pack value[] = {cell(i, half)};
      map(value);
      part(z[at[i]], half) = value[0];
      top[half] = max(top[half], map.size(value[0]));
    }
  }
  largest_ = top;
}

template <class Map>
void LineBatch::load_as(const double* field, Map&& map) {
  const Index stride = stride_;
  if (stride == 1) return load_rows(field, map);
  if (adjacent_) {
    const double* const from = field + first_[0];
    return load_cells(map, [=](Index i, std::size_t half) { return wpg::load(from + i * stride + half * lanes); });
  }
  load_cells(map, [&](Index i, std::size_t half) {
    Pack value;
    for (std::size_t l = 0; l < lanes; ++l) value[l] = field[first_[half * lanes + l] + i * stride];
    return value;
  });
}

void LineBatch::load(const double* field) { load_as(field, AsTheyAre{}); }

bool LineBatch::load_exp(const double* field, double shift) {
  Exponentials map{shift};
  load_as(field, map);
  if (!any(map.lowest < -log_input_depth)) return false;
  FlushedExponentials again{shift};
  load_as(field, again);
  return any(again.flushed);
}

void LineBatch::convolve() {
  const PackBits both = (largest_[0] > 0.0) & (largest_[1] > 0.0);
  const PackBits far = (largest_[0] > 2.0 * largest_[1]) | (largest_[1] > 2.0 * largest_[0]);
  const PackBits apart = (std::bit_cast<PackBits>(largest_[0]) >> 52) - (std::bit_cast<PackBits>(largest_[1]) >> 52);
  const PackBits most = PackBits{} + 1000;
  const PackBits shift = both & far & (apart > most ? most : apart < -most ? -most : apart);
  factor_[0] = largest_[0] > 0.0 ? broadcast(1.0) : Pack{};
  factor_[1] = largest_[1] > 0.0 ? power_of_two(-shift) : Pack{};
  if (any(shift != 0)) {
    const Pack scale = power_of_two(shift);
    for (Index k = 0; k < axis_.cells(); ++k) z_[k].im *= scale;
  }
  axis_.convolve(z_);
}

}  // namespace wpg
