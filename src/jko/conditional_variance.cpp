#include "jko/conditional_variance.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// S is positive definite up to the error of the differences.
constexpr double smallest_variance = 1e-3;

}  // namespace

ConditionalVariance::ConditionalVariance(const Grid& grid, double epsilon, int axes)
    : grid_(grid),
      axes_(std::min(axes, grid.dimension())),
      fields_(static_cast<std::size_t>(axes_), Values(grid.size())) {
  for (int k = 0; k < axes_; ++k) {
    scale_[static_cast<std::size_t>(k)] = std::sqrt(epsilon) / grid.axis(k).spacing();
  }
}

/// Cells [begin, end) of a row along x, which see their neighbours at the same distances.
void ConditionalVariance::cells(const double* q, const double* trust, Index begin, Index end,
                                const std::array<Neighbours, 3>& at, Index to) {
  const int d = axes_;
  std::array<double*, 3> out{};
  for (int k = 0; k < d; ++k) out[static_cast<std::size_t>(k)] = fields_[static_cast<std::size_t>(k)].data() + to;
  const auto second = [&](std::size_t k, const double* c) {
    return 1.0 + scale_[k] * scale_[k] * (c[at[k].upper] - 2.0 * c[0] + c[at[k].lower]);
  };
  const auto mixed = [&](std::size_t k, std::size_t l, const double* c) {
    return 0.25 * scale_[k] * scale_[l] *
           (c[at[k].upper + at[l].upper] - c[at[k].upper + at[l].lower] - c[at[k].lower + at[l].upper] +
            c[at[k].lower + at[l].lower]);
  };
  for (std::size_t k = 0; k < static_cast<std::size_t>(d); ++k) {
    for (Index i = begin; i < end; ++i) out[k][i] = second(k, q + i);
  }
  for (std::size_t k = 0; k < static_cast<std::size_t>(d); ++k) {
    for (std::size_t l = 0; l < k; ++l) {
      for (Index i = begin; i < end; ++i) {
        const double s = mixed(k, l, q + i);
        const double a = out[k][i];
        const double b = out[l][i];
        out[k][i] = a - s * s / std::max(b, smallest_variance);
        out[l][i] = b - s * s / std::max(a, smallest_variance);
      }
    }
  }
  for (std::size_t k = 0; k < static_cast<std::size_t>(d); ++k) {
    for (Index i = begin; i < end; ++i) out[k][i] = trust[i] * std::max(out[k][i], smallest_variance);
  }
}

void ConditionalVariance::row(const Values& log_q, const Values& trust, Index line) {
  const Index n = grid_.axis(0).cells;
  const Index first = line * n;
  std::array<Neighbours, 3> at{};
  Index shift = 0;
  for (int k = 1; k < axes_; ++k) {
    at[static_cast<std::size_t>(k)] = neighbours(grid_, k, (first / grid_.stride(k)) % grid_.axis(k).cells);
    shift += at[static_cast<std::size_t>(k)].shift;
  }
  for (const auto& [begin, end] : {std::pair<Index, Index>{0, 1}, {1, n - 1}, {n - 1, n}}) {
    at[0] = neighbours(grid_, 0, begin);
    cells(log_q.data() + first + shift + at[0].shift, trust.data() + first, begin, end, at, first);
  }
}

void ConditionalVariance::update(const Values& log_q, const Values& trust) {
  parallel_sweep(grid_.size() / grid_.axis(0).cells, grid_.size(), [&](Index line) { row(log_q, trust, line); });
}

}  // namespace wpg
