#include <algorithm>
#include <cmath>

#include "kernels/truncated_line.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

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
  const Output* const at = within_group_.data() + offset * block;
  Pack* const out = work.out.data() + output_block * block;
  for (int k = 0; k < block; ++k) sums[k] = log(sums[k]) + (chunk.scale + (at[k].factor + slope * at[k].distance));
  if (first) {
    std::copy_n(sums, block, out);
    return;
  }
  for (int k = 0; k < block; ++k) {
    const Pack larger = max(out[k], sums[k]);
    out[k] = larger + log(1.0 + exp(min(out[k], sums[k]) - max(larger, broadcast(log_floor))));
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
  for (Index b = first_block; b < last_block; ++b) {
    if (work.begin[b] == work.end[b]) std::fill_n(work.out.begin() + b * block, block, broadcast(-infinity));
  }
  for (Index from = begin; from < end; from += chunk_) {
    const Chunk chunk = make_chunk(work, center, from, std::min(end, from + chunk_));
    for (Index b = first_block; b < last_block; ++b) {
      if (work.begin[b] >= chunk.end || work.end[b] <= chunk.begin) continue;
      add_chunk(work, chunk, b, b - first_block, work.begin[b] >= chunk.begin);
    }
  }
}

}  // namespace wpg
