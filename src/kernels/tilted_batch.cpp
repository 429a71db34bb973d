#include "kernels/tilted_batch.hpp"

#include <algorithm>

#include "kernels/remainder.hpp"

namespace wpg {

TiltedBatch::TiltedBatch(const TiltedLine& axis, const LineTransform& transform, const Lines& all, Index number,
                         ComplexPack* memory)
    : axis_(axis),
      transform_(transform),
      stride_(all.stride),
      begin_(number * width),
      count_(std::min(width, all.count - begin_)),
      z_(memory) {
  for (Index l = 0; l < width; ++l) {
    first_[static_cast<std::size_t>(l)] = all.first(begin_ + std::min(l, count_ - 1));
  }
  adjacent_ = count_ == width && first_.back() == first_.front() + width - 1;
}

double TiltedBatch::load_remainders(const double* field, const std::vector<double>& form,
                                    const PerLine<double>& shifts) {
  const Index cells = axis_.cells();
  ComplexPack* const to = z_ + axis_.lead();
  Remainder remainder;
  for (Index i = 0; i < cells; i += lanes) {
    for (std::size_t half = 0; half < 2; ++half) {
      Pack rows[lanes] = {};
      for (std::size_t l = 0; l < lanes; ++l) {
        const std::size_t line = half * lanes + l;
        if (static_cast<Index>(line) >= count_) break;
        rows[l] = remainder.of(field + first_[line] + i, form.data() + i, cells - i, shifts[line]);
      }
      transpose(rows);
      for (Index c = 0; c < lanes && i + c < cells; ++c) part(to[i + c], half) = rows[c];
    }
  }
  return remainder.largest_seen();
}

/// Where a cell of half the lines stands side by side, if need be in `apart`.
const double* TiltedBatch::gather(const double* from, std::size_t half, Index cell, double* apart) const {
  const Index at = cell * stride_;
  if (adjacent_) return from + first_[half * lanes] + at;
  for (std::size_t l = 0; l < lanes; ++l) apart[l] = from[first_[half * lanes + l] + at];
  return apart;
}

void TiltedBatch::scatter(double* to, std::size_t half, Index cell, Pack values) const {
  const Index at = cell * stride_;
  if (adjacent_) return wpg::store(to + first_[half * lanes] + at, values);
  for (Index l = 0; l < lanes; ++l) {
    const Index line = static_cast<Index>(half) * lanes + l;
    if (line < count_) to[first_[static_cast<std::size_t>(line)] + at] = values[l];
  }
}

void TiltedBatch::load(const double* field) {
  ComplexPack* const to = z_ + axis_.lead();
  for (Index i = 0; i < axis_.cells(); ++i) {
    for (std::size_t half = 0; half < 2; ++half) {
      double apart[lanes];
      part(to[i], half) = wpg::load(gather(field, half, i, apart));
    }
  }
}

void TiltedBatch::convolve(const double* factors) {
  std::fill(z_, z_ + axis_.lead(), ComplexPack{});
  std::fill(z_ + axis_.lead() + axis_.cells(), z_ + axis_.length(), ComplexPack{});
  transform_.convolve(z_, factors);
}

void TiltedBatch::store(double* field) const {
  const Index cells = axis_.cells();
  if (stride_ != 1) {
    axis_.reader().read(z_, 0, cells, [&](Index i, const ComplexPack& read) {
      for (std::size_t half = 0; half < 2; ++half) scatter(field, half, i, part(read, half));
    });
    return;
  }
  for (Index i = 0; i < cells; i += lanes) {
    Pack rows[2][lanes] = {};
    axis_.reader().read(z_, i, std::min(i + lanes, cells), [&](Index at, const ComplexPack& read) {
      for (std::size_t half = 0; half < 2; ++half) rows[half][at - i] = part(read, half);
    });
    for (std::size_t half = 0; half < 2; ++half) {
      transpose(rows[half]);
      for (Index l = 0; l < lanes; ++l) {
        const Index line = static_cast<Index>(half) * lanes + l;
        if (line < count_) store_some(field + first_[static_cast<std::size_t>(line)] + i, cells - i, rows[half][l]);
      }
    }
  }
}

bool TiltedBatch::store_logs(double* field, const PerLine<double>& shifts, double floor, const double* masses) const {
  PackBits low{};
  axis_.reader().read(z_, 0, axis_.cells(), [&](Index i, const ComplexPack& read) {
    const double form = axis_.result_forms()[static_cast<std::size_t>(i)];
    for (std::size_t half = 0; half < 2; ++half) {
      const Pack result = part(read, half);
      const PackBits below = result < floor;
      double apart[lanes];
      low |= masses == nullptr ? below : below & (wpg::load(gather(masses, half, i, apart)) > 0.0);
      const Pack rest = wpg::load(shifts.data() + half * lanes) + form;
      scatter(field, half, i, log(max(result, broadcast(least_result))) + rest);
    }
  });
  return !any(low);
}

}  // namespace wpg
