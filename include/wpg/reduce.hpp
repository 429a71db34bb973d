#pragma once
#include <array>

#include "wpg/field.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

/// Scratch of at least `size` numbers that belongs to the calling thread and is kept between calls.
double* partial_sums(Index size);

/// Sum of block(begin, end) over fixed blocks of [0, size), added in a fixed order:
/// the same to the last bit for any number of threads.
template <class Block>
double blockwise_sum(Index size, Block&& block) {
  const Index count = (size + cells_per_block - 1) / cells_per_block;
  double* const partial = partial_sums(count);
  parallel_for(
      count, [&](Index k) { partial[k] = block(k * cells_per_block, std::min(size, (k + 1) * cells_per_block)); },
      fewest_blocks);
  double total = 0.0;
  for (Index k = 0; k < count; ++k) total += partial[k];
  return total;
}

/// Several sums in one pass: block(begin, end, sums) adds to `sums` what the cells [begin, end) contribute to each.
/// Like blockwise_sum, the same to the last bit for any number of threads.
template <std::size_t N, class Block>
std::array<double, N> blockwise_sums(Index size, Block&& block) {
  const Index count = (size + cells_per_block - 1) / cells_per_block;
  double* const partial = partial_sums(count * static_cast<Index>(N));
  parallel_for(
      count,
      [&](Index k) {
        std::array<double, N> sums{};
        block(k * cells_per_block, std::min(size, (k + 1) * cells_per_block), sums);
        std::copy(sums.begin(), sums.end(), partial + k * static_cast<Index>(N));
      },
      fewest_blocks);
  std::array<double, N> total{};
  for (Index k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < N; ++i) total[i] += partial[static_cast<std::size_t>(k) * N + i];
  }
  return total;
}

/// Integral of a field: sum of values times the cell volume.
double integral(const Field& f);
/// Integral of f g.
double integral(const Field& f, const Field& g);
/// Mean of the normalised density, in the user's units.
Point mean(const Field& rho);
/// Covariance of the normalised density about its mean.
Tensor covariance(const Field& rho);
/// Integral of |f - g|: twice the total variation for densities of equal mass.
double l1_distance(const Field& f, const Field& g);
/// Integral of rho log rho, with 0 log 0 = 0.
double entropy(const Field& rho);
/// Kullback-Leibler divergence of rho from pi for densities of equal mass: integral of rho log(rho/pi), written as
/// rho log(rho/pi) - rho + pi so that every cell is nonnegative and small values do not cancel.
/// Infinite where rho > 0 = pi.
double kullback_leibler(const Field& rho, const Field& pi);

}  // namespace wpg
