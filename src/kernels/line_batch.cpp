#include "line_batch.hpp"

#include <algorithm>
#include <limits>

#include "log_input.hpp"

namespace wpg {
namespace {

const Pack infinite = broadcast(std::numeric_limits<double>::infinity());

Pack& part(ComplexPack& z, std::size_t half) { return half == 0 ? z.re : z.im; }

Pack power_of_two(PackBits exponent) { return std::bit_cast<Pack>((exponent + 1023) << 52); }

}  // namespace

LineBatch::LineBatch(const LineConvolution& axis, const Lines& all, Index number, ComplexPack* memory)
    : axis_(axis), stride_(all.stride), count_(std::min(width, all.count - number * width)), z_(memory) {
  for (Index l = 0; l < width; ++l) {
    first_[static_cast<std::size_t>(l)] = all.first(number * width + std::min(l, count_ - 1));
  }
  adjacent_ = count_ == width && first_.back() == first_.front() + width - 1;
}

template <class Map, class Size>
void LineBatch::load_rows(const double* field, Map&& map, Size&& size) {
  const Index* const at = axis_.positions().data();
  const Index cells = axis_.cells();
  std::array<Pack, 2> top{};
  for (Index i = 0; i < cells; i += lanes) {
    for (std::size_t half = 0; half < 2; ++half) {
      Pack rows[lanes];
      for (std::size_t l = 0; l < lanes; ++l) rows[l] = map(field + first_[half * lanes + l] + i, cells - i);
      transpose(rows);
      for (Index c = 0; c < lanes && i + c < cells; ++c) {
        part(z_[at[i + c]], half) = rows[c];
        top[half] = max(top[half], size(rows[c]));
      }
    }
  }
  largest_ = top;
}

template <class Map>
void LineBatch::store_rows(double* field, Map&& map) {
  const Index* const at = axis_.positions().data();
  const Index cells = axis_.cells();
  const std::array<Pack, 2> factor = factor_;
  std::array<Pack, 2> bottom{infinite, infinite};
  for (Index i = 0; i < cells; i += lanes) {
    for (std::size_t half = 0; half < 2; ++half) {
      Pack rows[lanes];
      for (Index c = 0; c < lanes; ++c) {
        rows[c] = factor[half] * part(z_[at[std::min(i + c, cells - 1)]], half);
        bottom[half] = min(bottom[half], rows[c]);
      }
      transpose(rows);
      for (Index l = 0; l < lanes; ++l) {
        const Index line = static_cast<Index>(half) * lanes + l;
        if (line < count_) store_some(field + first_[static_cast<std::size_t>(line)] + i, cells - i, map(rows[l]));
      }
    }
  }
  smallest_ = bottom;
}

template <class Map, class Size>
void LineBatch::load_as(const double* field, Map&& map, Size&& size) {
  if (stride_ == 1) return load_rows(field, map, size);
  std::array<Pack, 2> top{};
  for (Index i = 0; i < axis_.cells(); ++i) {
    ComplexPack& z = z_[axis_.positions()[static_cast<std::size_t>(i)]];
    for (std::size_t half = 0; half < 2; ++half) {
      double apart[lanes];
      const double* from = field + first_[half * lanes] + i * stride_;
      if (!adjacent_) {
        for (std::size_t l = 0; l < lanes; ++l) apart[l] = field[first_[half * lanes + l] + i * stride_];
        from = apart;
      }
      const Pack cell = map(from, lanes);
      part(z, half) = cell;
      top[half] = max(top[half], size(cell));
    }
  }
  largest_ = top;
}

template <class Map>
void LineBatch::store_as(double* field, Map&& map) {
  if (stride_ == 1) return store_rows(field, map);
  const std::array<Pack, 2> factor = factor_;
  std::array<Pack, 2> bottom{infinite, infinite};
  for (Index i = 0; i < axis_.cells(); ++i) {
    ComplexPack& z = z_[axis_.positions()[static_cast<std::size_t>(i)]];
    for (std::size_t half = 0; half < 2; ++half) {
      const Pack cell = factor[half] * part(z, half);
      bottom[half] = min(bottom[half], cell);
      const Pack value = map(cell);
      if (adjacent_) {
        wpg::store(field + first_[half * lanes] + i * stride_, value);
        continue;
      }
      for (Index l = 0; l < lanes; ++l) {
        const Index line = static_cast<Index>(half) * lanes + l;
        if (line < count_) field[first_[static_cast<std::size_t>(line)] + i * stride_] = value[l];
      }
    }
  }
  smallest_ = bottom;
}

void LineBatch::load(const double* field) {
  load_as(
      field, [](const double* from, Index count) { return load_some(from, count, 0.0); },
      [](Pack cell) { return abs(cell); });
}

bool LineBatch::load_exp(const double* field, double shift) {
  PackBits flushed{};
  load_as(
      field, [&](const double* from, Index count) { return exponential(from, count, shift, flushed); },
      [](Pack cell) { return cell; });
  return any(flushed);
}

void LineBatch::convolve() {
  const PackBits both = (largest_[0] > 0.0) & (largest_[1] > 0.0);
  const PackBits apart = (std::bit_cast<PackBits>(largest_[0]) >> 52) - (std::bit_cast<PackBits>(largest_[1]) >> 52);
  const PackBits most = PackBits{} + 1000;
  const PackBits shift = both & (apart > most ? most : apart < -most ? -most : apart);
  factor_[0] = largest_[0] > 0.0 ? broadcast(1.0) : Pack{};
  factor_[1] = largest_[1] > 0.0 ? power_of_two(-shift) : Pack{};
  if (any(shift != 0)) {
    const Pack scale = power_of_two(shift);
    for (Index k = 0; k < axis_.cells(); ++k) z_[k].im *= scale;
  }
  axis_.convolve(z_);
}

void LineBatch::store(double* field) {
  store_as(field, [](Pack cell) { return cell; });
}

void LineBatch::store_log(double* field, double shift) {
  store_as(field, [=](Pack cell) { return log(cell) + shift; });
}

}  // namespace wpg
