#include "kernels/coarse_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/pack_scratch.hpp"
#include "kernels/remainder.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double many_blocks = 64.0;
/// Beyond so many standard deviations weights do not count.
constexpr double farthest = 5.0;
/// Of blocks about as wide as one, at least as wide as 0.7.
using Weights = Eigen::Array<double, Eigen::Dynamic, 1, 0, 24, 1>;

/// Averages of exp(in - form - shift) over blocks of `width` cells of a row; the last block may be shorter.
void average_row(const double* in, const double* form, double shift, Index size, Index width, double* averages) {
  auto* const row = reinterpret_cast<double*>(pack_scratch(size / (Index{2} * lanes) + 1));
  Remainder remainder;
  for (Index i = 0; i < size; i += lanes)
    store_some(row + i, size - i, remainder.of(in + i, form + i, size - i, shift));
  for (Index begin = 0; begin < size; begin += width) {
    const Index count = std::min(width, size - begin);
    *averages++ = std::accumulate(row + begin, row + begin + count, 0.0) / static_cast<double>(count);
  }
}

}  // namespace

CoarseSums::CoarseSums(const Grid& grid)
    : grid_(grid),
      width_(static_cast<std::size_t>(grid.dimension())),
      blocks_(width_),
      form_(static_cast<std::size_t>(grid.axis(0).cells)) {}

/// Blocks as wide as the Gaussian, or up to twice where they would be many.
void CoarseSums::divide(const std::vector<TiltedLine>& axes) {
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const Index cells = axes[k].cells();
    const double spread = axes[k].spread();
    width_[k] = static_cast<Index>(std::clamp(static_cast<double>(cells) / many_blocks, spread, 2.0 * spread));
    blocks_[k] = (cells + width_[k] - 1) / width_[k];
  }
}

/// Of the row in the middle of every block of the other axes: [block of y and z][block of x].
void CoarseSums::average_rows(const QuadraticFit& fit, const QuadraticFitter& fitter, const Values& in) {
  const Index n = grid_.axis(0).cells;
  for (Index i = 0; i < n; ++i) form_[static_cast<std::size_t>(i)] = fitter.part(fit, 0, i);
  Index rows = 1;
  for (std::size_t k = 1; k < blocks_.size(); ++k) rows *= blocks_[k];
  next_.resize(blocks_[0], rows);
  parallel_sweep(rows, rows * n, [&](Index number) {
    const Index row = middle_row(number);
    average_row(in.data() + row * n, form_.data(), fitter.rest(fit, row) + fit.top, n, width_[0],
                next_.col(number).data());
  });
  sums_ = next_.transpose();
}

/// The row in the middle of a block of the axes y and z.
Index CoarseSums::middle_row(Index number) const {
  Index row = 0;
  Index stride = 1;
  for (std::size_t k = 1; k < blocks_.size(); ++k) {
    const Index cells = grid_.axis(static_cast<int>(k)).cells;
    row += stride * std::min(number % blocks_[k] * width_[k] + width_[k] / 2, cells - 1);
    number /= blocks_[k];
    stride *= cells;
  }
  return row;
}

/// The cell at the beginning of a block; the last target is the last cell.
Index CoarseSums::target(std::size_t k, Index number) const {
  return std::min(number * width_[k], grid_.axis(static_cast<int>(k)).cells - 1);
}

/// Sums over the last index, which is of blocks of axis k, at the targets of that axis, and makes it the first index.
void CoarseSums::sum_along(std::size_t k, const TiltedLine& axis) {
  const double spread = axis.spread();
  const auto width = static_cast<double>(width_[k]);
  const auto block = [&](double at) { return std::clamp<Index>(static_cast<Index>(at / width), 0, blocks_[k] - 1); };
  const Eigen::Map<const Matrix> sums(sums_.data(), sums_.size() / blocks_[k], blocks_[k]);
  next_.resize(blocks_[k] + 1, sums.rows());
  for (Index number = 0; number <= blocks_[k]; ++number) {
    const double s = axis.point(target(k, number));
    const Index begin = block(s - farthest * spread);
    const Index count = block(s + farthest * spread) + 1 - begin;
    const double nearest = (static_cast<double>(begin) + 0.5) * width - 0.5 - s;
    Weights weights = Weights::LinSpaced(count, 0.0, static_cast<double>(count - 1));
    weights = (-0.5 * ((weights * width + nearest) / spread).square()).exp();
    total_.setZero(sums.rows());
    for (Index b = 0; b < count; ++b) total_ += weights[b] * sums.col(begin + b);
    next_.row(number) = total_;
  }
  next_ *= width / (std::sqrt(2.0 * M_PI) * spread);
  sums_.swap(next_);
}

/// The smallest sum at a target that is wanted; the first index is of the axis summed last: y, z, x.
double CoarseSums::least_wanted(const Values* masses) const {
  if (masses == nullptr) return sums_.minCoeff();
  const std::vector<std::size_t> order = grid_.dimension() == 3   ? std::vector<std::size_t>{1, 2, 0}
                                         : grid_.dimension() == 2 ? std::vector<std::size_t>{1, 0}
                                                                  : std::vector<std::size_t>{0};
  double least = infinity;
  for (Index i = 0; i < sums_.size(); ++i) {
    if (!(sums_.data()[i] < least)) continue;
    Index rest = i;
    Index cell = 0;
    for (const std::size_t k : order) {
      cell += target(k, rest % (blocks_[k] + 1)) * grid_.stride(static_cast<int>(k));
      rest /= blocks_[k] + 1;
    }
    if ((*masses)[cell] > 0.0) least = sums_.data()[i];
  }
  return least;
}

double CoarseSums::smallest(const QuadraticFit& fit, const QuadraticFitter& fitter, const std::vector<TiltedLine>& axes,
                            const Values* masses, const Values& in) {
  divide(axes);
  average_rows(fit, fitter, in);
  sum_along(0, axes[0]);
  for (std::size_t k = axes.size() - 1; k > 0; --k) sum_along(k, axes[k]);
  return least_wanted(masses);
}

}  // namespace wpg
