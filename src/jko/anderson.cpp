#include "jko/anderson.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "simd.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Small enough that the columns' pieces stay in the first-level cache.
constexpr Index cells_per_piece = 256;
/// Entries of the Gram matrix of depth + 1 columns, the last being d itself.
constexpr int columns = Anderson::depth + 1;
constexpr int entries = columns * columns;
/// Directions whose share of the Gram matrix is below rounding are left out of the least squares.
constexpr double rank_tolerance = 1e-13;

double dot(const double* a, const double* b, Index size) {
  Pack total{};
  Index i = 0;
  for (; i + lanes <= size; i += lanes) total += load(a + i) * load(b + i);
  double rest = 0.0;
  for (; i < size; ++i) rest += a[i] * b[i];
  return sum(total) + rest;
}

}  // namespace

Anderson::Anderson(Index size, Index problems)
    : last_x_(size),
      last_d_(size),
      changes_(depth, Values::Zero(size)),
      corrections_(depth, Values::Zero(size)),
      cells_(size / problems),
      blocks_((cells_ + cells_per_block - 1) / cells_per_block),
      partial_(static_cast<std::size_t>(problems * blocks_ * entries)),
      c_(static_cast<std::size_t>(problems), Coefficients(0)) {}

std::size_t Anderson::memory() const {
  return static_cast<std::size_t>(last_x_.size()) * (2 + 2 * depth) * sizeof(double) + partial_.size() * sizeof(double);
}

void Anderson::remember(const Values& x, const Values& d) {
  const bool first = !started_;
  Values& change = changes_[static_cast<std::size_t>(next_)];
  Values& correction = corrections_[static_cast<std::size_t>(next_)];
  parallel_blocks(x.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    if (!first) {
      change.segment(begin, n) = d.segment(begin, n) - last_d_.segment(begin, n);
      correction.segment(begin, n) = x.segment(begin, n) - last_x_.segment(begin, n) + change.segment(begin, n);
    }
    last_x_.segment(begin, n) = x.segment(begin, n);
    last_d_.segment(begin, n) = d.segment(begin, n);
  });
  started_ = true;
  if (first) return;
  next_ = (next_ + 1) % depth;
  count_ = std::min(count_ + 1, depth);
}

/// Adds the weighted products of the columns over a block of cells.
void Anderson::add_gram(const Values& d, const Values& log_weight, Index block_begin, Index block_end,
                        double* gram) const {
  for (Index begin = block_begin; begin < block_end; begin += cells_per_piece) {
    const Index n = std::min(cells_per_piece, block_end - begin);
    double weight[cells_per_piece], weighted[cells_per_piece];
    for (Index i = 0; i < n; i += lanes) {
      store_some(weight + i, n - i, exp(load_some(log_weight.data() + begin + i, n - i, 0.0)));
    }
    for (int k = 0; k < count_; ++k) {
      const double* column = changes_[static_cast<std::size_t>(k)].data() + begin;
      for (Index i = 0; i < n; ++i) weighted[i] = weight[i] * column[i];
      for (int l = 0; l <= k; ++l) {
        gram[k * columns + l] += dot(weighted, changes_[static_cast<std::size_t>(l)].data() + begin, n);
      }
      gram[k * columns + depth] += dot(weighted, d.data() + begin, n);
    }
  }
}

void Anderson::make_coefficients(const Values& d, const Values& log_weight) {
  const auto problems = static_cast<Index>(c_.size());
  parallel_sweep(problems * blocks_, d.size(), [&](Index b) {
    double* const gram = partial_.data() + b * entries;
    std::fill(gram, gram + entries, 0.0);
    const Index first = b / blocks_ * cells_, within = b % blocks_ * cells_per_block;
    add_gram(d, log_weight, first + within, first + std::min(cells_, within + cells_per_block), gram);
  });
  for (Index p = 0; p < problems; ++p) {
    double* const gram = partial_.data() + p * blocks_ * entries;
    for (Index e = entries; e < blocks_ * entries; ++e) gram[e % entries] += gram[e];
    c_[static_cast<std::size_t>(p)] = solve(gram);
  }
}

/// Least squares by the normalised Gram matrix, in its numerical range.
Anderson::Coefficients Anderson::solve(const double* gram) const {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, depth, depth>;
  const auto entry = [&](int k, int l) { return gram[k * columns + l]; };
  Coefficients scale(count_), right(count_);
  for (int k = 0; k < count_; ++k) scale[k] = entry(k, k) > 0.0 ? 1.0 / std::sqrt(entry(k, k)) : 0.0;
  Matrix g(count_, count_);
  for (int k = 0; k < count_; ++k) {
    for (int l = 0; l <= k; ++l) g(k, l) = g(l, k) = entry(k, l) * scale[k] * scale[l];
    right[k] = entry(k, depth) * scale[k];
  }
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(g);
  Coefficients c = eigen.eigenvectors().transpose() * right;
  const double smallest = rank_tolerance * eigen.eigenvalues()[count_ - 1];
  for (int k = 0; k < count_; ++k) c[k] = eigen.eigenvalues()[k] > smallest ? c[k] / eigen.eigenvalues()[k] : 0.0;
  return (eigen.eigenvectors() * c).cwiseProduct(scale);
}

void Anderson::propose(const Values& x, const Values& d, const Values& log_weight, Values& out) {
  remember(x, d);
  if (count_ > 0) make_coefficients(d, log_weight);
  const auto advance = [&](Index problem, Index begin, Index n) {
    auto piece = out.segment(begin, n);
    piece = x.segment(begin, n) + d.segment(begin, n);
    for (int k = 0; k < count_; ++k) {
      piece -= c_[static_cast<std::size_t>(problem)][k] * corrections_[static_cast<std::size_t>(k)].segment(begin, n);
    }
  };
  if (c_.size() == 1) {
    parallel_blocks(x.size(), [&](Index begin, Index end) { advance(0, begin, end - begin); });
  } else {
    parallel_sweep(static_cast<Index>(c_.size()), x.size(), [&](Index p) { advance(p, p * cells_, cells_); });
  }
}

}  // namespace wpg
