#include <algorithm>
#include <limits>

#include "line_batch.hpp"

namespace wpg {
namespace {

const Pack infinite = broadcast(std::numeric_limits<double>::infinity());

}  // namespace

template <class Map>
void LineBatch::store_rows(double* field, Map&& map) {
  const Index* const at = axis_.positions().data();
  ComplexPack* const z = z_;
  const std::array<Index, width> first = first_;
  const std::array<Pack, 2> factor = factor_;
  std::array<Pack, 2> bottom{infinite, infinite};
  in_packs(axis_.cells(), [&](Index i, auto count) {
    for (std::size_t half = 0; half < 2; ++half) {
      Pack rows[lanes];
      for (Index c = 0; c < lanes; ++c) {
        rows[c] = factor[half] * part(z[at[i + std::min<Index>(c, count - 1)]], half);
        bottom[half] = min(bottom[half], rows[c]);
      }
      transpose(rows);
      map(rows);
      for (std::size_t l = 0; l < lanes; ++l) store_some(field + first[half * lanes + l] + i, count, rows[l]);
    }
  });
  smallest_ = bottom;
}

/// cell(i, half, value) writes a cell of half the lines.
template <class Map, class Cell>
void LineBatch::store_cells(Map&& map, Cell&& cell) {
  const Index* const at = axis_.positions().data();
  ComplexPack* const z = z_;
  const Index cells = axis_.cells();
  const std::array<Pack, 2> factor = factor_;
  std::array<Pack, 2> bottom{infinite, infinite};
  for (Index i = 0; i < cells; i += 2) {
    // A last cell alone is written twice.
    const Index next = std::min(i + 1, cells - 1);
    const ComplexPack a = z[at[i]];
    const ComplexPack b = z[at[next]];
    Pack values[] = {factor[0] * a.re, factor[1] * a.im, factor[0] * b.re, factor[1] * b.im};
    for (std::size_t k = 0; k < 4; ++k) bottom[k % 2] = min(bottom[k % 2], values[k]);
    map(values);
    for (std::size_t k = 0; k < 4; ++k) cell(k < 2 ? i : next, k % 2, values[k]);
  }
  smallest_ = bottom;
}

/// Beyond `count` lines the last one is written again.
template <class Map>
void LineBatch::store_as(double* field, Map&& map) {
  const Index stride = stride_;
  if (stride == 1) return store_rows(field, map);
  if (adjacent_) {
    double* const to = field + first_[0];
    return store_cells(
        map, [=](Index i, std::size_t half, Pack value) { wpg::store(to + i * stride + half * lanes, value); });
  }
  store_cells(map, [&](Index i, std::size_t half, Pack value) {
    for (std::size_t l = 0; l < lanes; ++l) field[first_[half * lanes + l] + i * stride] = value[l];
  });
}

void LineBatch::store(double* field) {
  store_as(field, [](auto&) {});
}

void LineBatch::store_log(double* field, double shift) {
  if (any((factor_[0] == 0.0) | (factor_[1] == 0.0))) {
    return store_as(field, [=](auto& cells) {
      for (Pack& cell : cells) cell = log(cell) + shift;
    });
  }
  // Elsewhere what is not positive and normal is out of range.
  store_as(field, [=](auto& cells) {
    log_of_normal(cells);
    for (Pack& cell : cells) cell += shift;
  });
}

}  // namespace wpg
