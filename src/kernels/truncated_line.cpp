#include "kernels/truncated_line.hpp"

#include <algorithm>
#include <cmath>

namespace wpg {
namespace {

/// Tilts between the outermost outputs and inputs of a chunk stay this far within the range of exp.
constexpr double widest_tilt = 660.0;

Index reach_of(const Lattice& in, double variance) {
  if (in.boundary == Boundary::free) return 0;
  // A copy farther away than this is negligible beside the point itself, which is at most a line's length away.
  const double n = static_cast<double>(in.count);
  return static_cast<Index>(std::ceil(std::sqrt(n * n + 2.0 * TruncatedLine::negligible * variance)));
}

Index fold(const Lattice& in, Index j) {
  const Index n = in.count;
  if (in.boundary == Boundary::periodic) return ((j % n) + n) % n;
  const Index m = ((j % (2 * n)) + 2 * n) % (2 * n);
  return m < n ? m : 2 * n - 1 - m;
}

/// The most inputs whose tilts against a group of output blocks, half of which spans `half`, stay within range.
Index chunk_for(double half, double variance) {
  const double cells = widest_tilt * variance / half;
  return 2 * static_cast<Index>(std::min(cells, static_cast<double>(TruncatedLine::largest_chunk)) / 2.0);
}

/// Output blocks of span `block` that may share a tilt, if the inputs that matter to them are to fit into one chunk.
Index group_for(double block, double variance) {
  for (Index group = 64 / TruncatedLine::block; group > 1; group /= 2) {
    const double span = static_cast<double>(group) * block;
    if (static_cast<double>(chunk_for(span / 2.0, variance)) >= span + 24.0 * std::sqrt(variance)) return group;
  }
  return 1;
}

template <class T>
void grow(std::vector<T>& items, Index count) {
  if (static_cast<Index>(items.size()) < count) items.resize(static_cast<std::size_t>(count));
}

}  // namespace

TruncatedLine::TruncatedLine(const Lattice& in, const Lattice& out, double variance, double log_factor)
    : length_(in.count),
      outputs_(out.count),
      step_(out.spacing / in.spacing),
      first_((out.first - in.first) / in.spacing),
      half_inverse_variance_(in.spacing * in.spacing / (2.0 * variance)),
      log_factor_(log_factor),
      period_(in.boundary == Boundary::periodic ? static_cast<double>(in.count)
                                                : std::numeric_limits<double>::infinity()),
      reach_(reach_of(in, 0.5 / half_inverse_variance_)),
      group_(group_for(step_ * static_cast<double>(block), 0.5 / half_inverse_variance_)),
      chunk_(chunk_for(step_ * static_cast<double>(group_ * block) / 2.0, 0.5 / half_inverse_variance_)) {
  for (Index j = -reach_; j < length_ + reach_; ++j) cell_.push_back(fold(in, j));
  const auto tilt = [this](Index a, Index k) {
    return std::exp(2.0 * half_inverse_variance_ * step_ * static_cast<double>(a * k));
  };
  for (Index k = -chunk_ / 2; k <= chunk_ / 2; ++k) {
    for (Index a = -block / 2; a < block / 2; ++a) table_.push_back(tilt(a, k));
  }
  for (Index b = 0; b < group_; ++b) {
    const Index center = (2 * b + 1 - group_) * (block / 2);
    for (Index k = -chunk_ / 2; k <= chunk_ / 2; ++k) offsets_.push_back(tilt(center, k));
  }
}

void TruncatedLine::prepare(Workspace& work) const {
  grow(work.in, length_);
  grow(work.out, blocks() * block);
  for (auto* packs : {&work.left, &work.right, &work.largest, &work.where}) grow(*packs, input_blocks() + 1);
  grow(work.bound, blocks() + 1);
  grow(work.terms, chunk_);
  for (auto* indices : {&work.begin, &work.end}) grow(*indices, blocks() + 1);
}

void TruncatedLine::apply(Workspace& work) const {
  summarise(work);
  bound_terms(work);
  find_windows(work);
  for (Index b = 0; b < blocks(); b += group_) sum_blocks(work, b, std::min(b + group_, blocks()));
}

/// Adds the terms of one chunk to the outputs of one block, `offset` blocks into its group.
void TruncatedLine::add_chunk(Workspace& work, const Chunk& chunk, Index output_block, Index offset, bool first) const {
  const Index begin = std::max(chunk.begin, work.begin[output_block]);
  const Index end = std::min(chunk.end, work.end[output_block]);
  const Index middle = (chunk.begin + chunk.end) / 2;
  const double* row = table_.data() + (chunk_ / 2 + begin - middle) * block;
  const double* shift = offsets_.data() + offset * (chunk_ + 1) + (chunk_ / 2 + begin - middle);
  Pack sums[block] = {};
  for (Index j = begin; j < end; ++j, row += block, ++shift) {
    const Pack term = work.terms[j - chunk.begin] * *shift;
    for (int a = 0; a < block; ++a) sums[a] += term * row[a];
  }
  const double slope = 2.0 * half_inverse_variance_ * (static_cast<double>(middle) - chunk.origin);
  Pack* const out = work.out.data() + output_block * block;
  for (int k = 0; k < block; ++k) {
    const double a = step_ * static_cast<double>(output_block * block + k - chunk.center);
    const Pack value = log(sums[k]) + (chunk.scale + (a * slope - half_inverse_variance_ * a * a + log_factor_));
    if (first) {
      out[k] = value;
    } else {
      const Pack larger = max(out[k], value);
      out[k] = larger + log(1.0 + exp(min(out[k], value) - max(larger, broadcast(log_floor))));
    }
  }
}

TruncatedLine::Chunk TruncatedLine::make_chunk(Workspace& work, Index center, Index begin, Index end) const {
  Chunk chunk{begin, end, center, position(center), broadcast(log_floor)};
  const Index* const cell = cell_.data() + reach_;
  for (Index j = begin; j < end; ++j) {
    const double d = static_cast<double>(j) - chunk.origin;
    const Pack exponent = work.in[cell[j]] - half_inverse_variance_ * d * d;
    chunk.scale = max(exponent, chunk.scale);
    work.terms[j - begin] = exponent;
  }
  for (Index j = 0; j < end - begin; ++j) work.terms[j] = exp(work.terms[j] - chunk.scale);
  return chunk;
}

/// The outputs of the blocks [first_block, last_block), which share their exponentials.
void TruncatedLine::sum_blocks(Workspace& work, Index first_block, Index last_block) const {
  const Index center = first_block * block + group_ * block / 2;
  const Index begin = work.begin[first_block];
  const Index end = work.end[last_block - 1];
  std::fill(work.out.begin() + first_block * block, work.out.begin() + last_block * block,
            broadcast(-std::numeric_limits<double>::infinity()));
  for (Index from = begin; from < end; from += chunk_) {
    const Chunk chunk = make_chunk(work, center, from, std::min(end, from + chunk_));
    for (Index b = first_block; b < last_block; ++b) {
      if (work.begin[b] >= chunk.end || work.end[b] <= chunk.begin) continue;
      add_chunk(work, chunk, b, b - first_block, work.begin[b] >= chunk.begin);
    }
  }
}

}  // namespace wpg
