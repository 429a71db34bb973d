#include "jko/anderson.hpp"

#include <algorithm>

#include "simd.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Small enough that the columns' pieces stay in the first-level cache.
constexpr Index cells_per_piece = 256;
constexpr Index columns = normal_columns;
constexpr int entries = normal_entries;

/// Up to here a residual lets its cell be accelerated in full.
constexpr double linear_residual = 0.1;

/// In four independent sums.
double dot(const double* a, const float* b, Index size) {
  constexpr Index pack = lanes;
  Pack total[4] = {};
  Index i = 0;
  for (; i + 4 * pack <= size; i += 4 * pack) {
    for (Index k = 0; k < 4; ++k) total[k] += load(a + i + k * pack) * load(b + i + k * pack);
  }
  double rest = 0.0;
  for (; i < size; ++i) rest += a[i] * static_cast<double>(b[i]);
  return sum((total[0] + total[1]) + (total[2] + total[3])) + rest;
}

}  // namespace

Anderson::Anderson(Index size, Index problems)
    : changes_(Column::Zero(depth * size)),
      corrections_(Column::Zero(depth * size)),
      weight_(Values::Ones(size)),
      cells_(size / problems),
      blocks_((cells_ + cells_per_block - 1) / cells_per_block),
      partial_(static_cast<std::size_t>(problems * blocks_ * entries)),
      c_(static_cast<std::size_t>(problems), Coefficients(0)) {}

std::size_t Anderson::memory() const {
  const auto size = static_cast<std::size_t>(weight_.size());
  return size * (2UL * depth * sizeof(Stored) + sizeof(double)) + partial_.size() * sizeof(double);
}

void Anderson::weigh(const Values& log_weight) {
  parallel_blocks(weight_.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; i += lanes) {
      store_some(weight_.data() + i, end - i, exp(load_some(log_weight.data() + i, end - i, 0.0)));
    }
  });
  weighed_anew_ = true;
}

/// body(block, begin, n) for the pieces of all blocks, which are the same for any number of threads.
template <class Body>
void Anderson::for_pieces(Body&& body) const {
  parallel_sweep(static_cast<Index>(c_.size()) * blocks_, weight_.size(), [&](Index block) {
    const Index first = block / blocks_ * cells_, within = block % blocks_ * cells_per_block;
    const Index end = first + std::min(cells_, within + cells_per_block);
    for (Index begin = first + within; begin < end; begin += cells_per_piece) {
      body(block, begin, std::min(cells_per_piece, end - begin));
    }
  });
}

/// Adds the weighted products of d and of the renewed columns with the columns of a piece.
void Anderson::add_products(const double* d, Index begin, Index n, double* gram) const {
  const double* const weight = weight_.data() + begin;
  double weighted[cells_per_piece];
  for (int row = 0; row <= depth; ++row) {
    if (!renewed(row) || (row >= count_ && row < depth)) continue;
    const Stored* const change = changes_.data() + at(row, begin, n);
    for (Index i = 0; i < n; ++i) weighted[i] = weight[i] * (row == depth ? d[i] : static_cast<double>(change[i]));
    for (int k = 0; k < count_; ++k) {
      gram[row * columns + k] += dot(weighted, changes_.data() + at(k, begin, n), n);
    }
  }
}

/// Makes the newest change of the last d, which is in its place, and renews the products that it enters.
void Anderson::remember(const Correction& correction) {
  newest_ = (newest_ + 1) % depth;
  count_ = std::min(count_ + 1, depth);
  for_pieces([&](Index block, Index begin, Index n) {
    double d[cells_per_piece];
    correction.form(begin, n, d);
    Stored* const change = changes_.data() + at(newest_, begin, n);
    for (Index i = 0; i < n; ++i) change[i] = static_cast<Stored>(d[i] - static_cast<double>(change[i]));
    double* const gram = partial_.data() + block * entries;
    const bool first = begin % cells_ % cells_per_block == 0;
    for (int row = 0; first && row <= depth; ++row) {
      if (renewed(row)) std::fill_n(gram + row * columns, columns, 0.0);
    }
    add_products(d, begin, n, gram);
    for (int row = 0; row < depth; ++row) gram[row * columns + newest_] = gram[newest_ * columns + row];
  });
  weighed_anew_ = false;
}

void Anderson::make_coefficients() {
  for (std::size_t p = 0; p < c_.size(); ++p) {
    const double* const blocks = partial_.data() + static_cast<Index>(p) * blocks_ * entries;
    double gram[entries];
    std::copy(blocks, blocks + entries, gram);
    for (Index e = entries; e < blocks_ * entries; ++e) gram[e % entries] += blocks[e];
    c_[p] = least_squares(gram, count_);
  }
}

/// step = minus the sum of c_k corrections over a piece, the newest of which it makes of what is in its place.
void Anderson::accelerate(const Coefficients& c, const double* d, Index begin, Index n, double* step) {
  std::fill_n(step, n, 0.0);
  for (int k = 0; k < count_; ++k) {
    Stored* const correction = corrections_.data() + at(k, begin, n);
    if (k == newest_) {
      for (Index i = 0; i < n; ++i) correction[i] = static_cast<Stored>(static_cast<double>(correction[i]) + d[i]);
    }
    for (Index i = 0; i < n; ++i) step[i] -= c[k] * static_cast<double>(correction[i]);
  }
}

/// Writes the proposal, and d and its dx - d where the next column will be.
void Anderson::advance(const Values& x, const Correction& correction, bool hold_back, Values& out) {
  const int next = (newest_ + 1) % depth;
  for_pieces([&](Index block, Index begin, Index n) {
    double d[cells_per_piece], step[cells_per_piece];
    correction.form(begin, n, d);
    accelerate(c_[static_cast<std::size_t>(block / blocks_)], d, begin, n, step);
    const double* const residual = correction.residual.data() + begin;
    for (Index i = 0; hold_back && i < n; ++i) {
      const double share = std::min(1.0, linear_residual / std::abs(residual[i]));
      step[i] *= share * share;
    }
    Stored* const last_d = changes_.data() + at(next, begin, n);
    Stored* const last_step = corrections_.data() + at(next, begin, n);
    for (Index i = 0; i < n; ++i) last_d[i] = static_cast<Stored>(d[i]);
    for (Index i = 0; i < n; ++i) last_step[i] = static_cast<Stored>(step[i]);
    const double* const from = x.data() + begin;
    double* const to = out.data() + begin;
    for (Index i = 0; i < n; ++i) to[i] = from[i] + d[i] + step[i];
  });
}

void Anderson::propose(const Values& x, const Correction& d, bool hold_back, Values& out) {
  if (started_) {
    remember(d);
    make_coefficients();
  }
  advance(x, d, hold_back, out);
  started_ = true;
}

}  // namespace wpg
