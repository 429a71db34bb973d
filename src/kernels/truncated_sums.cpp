#include <algorithm>
#include <cmath>

#include "kernels/halves.hpp"
#include "kernels/truncated_line.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// The odd part of a sum relative to the even one up to which it is balanced: the smaller of its two values errs by no
/// more than 64 roundings.
constexpr double most_odd = 31.0 / 32.0;
/// The ratio of the values at the ends of a block up to which the next block may be expected to be balanced (measured).
constexpr double most_unequal = 16.0;
/// Below all sums but zero.
constexpr double nothing = 1e-300;

/// The sums of a block from their even and odd parts; whether they are balanced.
bool separate(const Pack* even, const Pack* odd, Pack* sums) {
  constexpr int half = TruncatedLine::block / 2;
  Pack excess{};
  for (int a = 0; a < half; ++a) {
    excess = max(abs(odd[a]) - most_odd * even[a], excess);
    sums[half + a] = even[a] + odd[a];
    sums[half - 1 - a] = even[a] - odd[a];
  }
  return !any_at_least(excess, broadcast(nothing));
}

/// log(exp(a) + exp(b)), also where either or both are log 0.
Pack log_sum(Pack a, Pack b) {
  const Pack larger = max(a, b);
  return larger + log(1.0 + exp(min(a, b) - max(larger, broadcast(TruncatedLine::log_floor))));
}

}  // namespace

// The sums of a block, with the outputs at x from its centre and the inputs at y from a centre of theirs, are those of
// t exp(x y / variance). Plain sums take the middle of the chunk for that centre. With the middle of the block's window
// the terms t and t' at y and -y add to the outputs at x and -x
//     (t + t') cosh(x y / variance)  +-  (t - t') sinh(x y / variance),
// which is half the multiply-adds. The odd part is as large as the even one where one of the two outputs is much
// smaller than the other. Then digits would be lost, and the sums are taken again as plain ones. Where they are
// balanced about the middle of the window is foretold by the block before.

/// The first term sets the sums: to set them to zero takes longer, since compilers do it in memory.
void TruncatedLine::plain_sums(const Part& part, Pack* sums) const {
  const double* row = table_.data() + (chunk_ / 2 + part.begin) * block;
  const Pack* term = part.terms;
  const double* offset = part.offsets;
  Pack total[block];
  const auto next = [&](auto&& add) {
    const Pack tilted = *term++ * *offset++;
    for (int a = 0; a < block; ++a) add(total[a], tilted * row[a]);
    row += block;
  };
  next([](Pack& sum, Pack product) { sum = product; });
  for (Index j = 1; j < part.count; ++j) next([](Pack& sum, Pack product) { sum += product; });
  for (int a = 0; a < block; ++a) sums[a] = total[a];
}

/// False where the sums are not balanced. An odd number of terms is made even by the next, which may be the zero.
bool TruncatedLine::paired_sums(const Part& part, Pack* sums) const {
  constexpr int half = block / 2;
  const Index pairs = part.pairs();
  const double* row = pair_table_.data() + pairs * block;
  const Pack* left = part.terms;
  const Pack* right = left + 2 * pairs;
  const double* left_offset = part.offsets;
  const double* right_offset = left_offset + 2 * pairs;
  Pack even[half];
  Pack odd[half];
  const auto next = [&](auto&& add) {
    row -= block;
    const Pack at_left = *left++ * *left_offset++;
    const Pack at_right = *--right * *--right_offset;
    const Pack sum = at_right + at_left;
    const Pack difference = at_right - at_left;
    for (int a = 0; a < half; ++a) add(even[a], sum * row[a]);
    for (int a = 0; a < half; ++a) add(odd[a], difference * row[half + a]);
  };
  next([](Pack& sum, Pack product) { sum = product; });
  for (Index i = 1; i < pairs; ++i) next([](Pack& sum, Pack product) { sum += product; });
  return separate(even, odd, sums);
}

/// Whether plain sums would be well balanced about the middle of their window, as far as their ends tell.
bool TruncatedLine::balanced(const Part& part, const Pack* sums) const {
  const double* const row = table_.data() + (chunk_ / 2 + part.begin + part.pairs()) * block;
  const Pack first = sums[0] * row[block - 1];
  const Pack last = sums[block - 1] * row[0];
  return !any_at_least(max(first - most_unequal * last, last - most_unequal * first), broadcast(nothing));
}

TruncatedLine::Part TruncatedLine::part_of(const Workspace& work, const Chunk& chunk, Index output_block,
                                           Index offset) const {
  const Index begin = std::max(chunk.begin, work.begin[output_block]);
  const Index end = std::min(chunk.end, work.end[output_block]);
  const double* const offsets = offsets_.data() + offset * (chunk_ + 1) + (chunk_ / 2 + begin - chunk.middle());
  return {work.terms.data() + (begin - chunk.begin), offsets, begin - chunk.middle(), end - begin};
}

/// What the logarithms of the sums of a block, `before` outputs into its group, lack. Large parts cancel: in halves
/// their products with numbers of few digits, and the sums of these, are exact.
void TruncatedLine::rests(const Chunk& chunk, const Part* paired, int before, double* rest) const {
  const Halves slope = halves(tilt_ * (static_cast<double>(chunk.middle()) - chunk.origin));
  const Halves more =
      halves(paired != nullptr ? tilt_ * (static_cast<double>(paired->begin + paired->pairs()) - 0.5) : 0.0L);
  for (int k = 0; k < block; ++k) {
    const double steps = from_center(before + k, group_ * block), own = from_center(k, block);
    const double low = factors_low_[before + k] + slope.low * steps + more.low * own;
    rest[k] = (factors_high_[before + k] + slope.high * steps + more.high * own) + low;
  }
}

/// Adds the terms of one chunk to the outputs of one block, `offset` blocks into its group.
void TruncatedLine::add_chunk(Workspace& work, const Chunk& chunk, Index output_block, Index offset, bool first) const {
  const Part part = part_of(work, chunk, output_block, offset);
  Pack sums[block];
  const bool paired = work.balanced && paired_sums(part, sums);
  if (!paired) plain_sums(part, sums);
  work.balanced = paired || (!pair_table_.empty() && balanced(part, sums));
  double rest[block];
  rests(chunk, paired ? &part : nullptr, static_cast<int>(offset) * block, rest);
  const auto value = [&](int k) -> Pack { return log(sums[k]) + (chunk.scale + rest[k]); };
  Pack* const out = work.out.data() + output_block * block;
  if (first) {
    for (int k = 0; k < block; ++k) out[k] = value(k);
    return;
  }
  for (int k = 0; k < block; ++k) out[k] = log_sum(out[k], value(k));
}

/// The outputs of the blocks [first_block, last_block), which share their exponentials; `chunk` is that of the terms.
void TruncatedLine::sum_blocks(Workspace& work, Chunk& chunk, Index first_block, Index last_block) const {
  const double origin = std::fma(step_, static_cast<double>(first_block * block + group_ * block / 2) - 0.5, first_);
  const Index begin = work.begin[first_block];
  const Index end = work.end[last_block - 1];
  for (Index b = first_block; b < last_block; ++b) {
    if (work.begin[b] == work.end[b]) std::fill_n(work.out.begin() + b * block, block, broadcast(-infinity));
  }
  for (Index from = begin; from < end; from += chunk_) {
    chunk = make_chunk(work, chunk, origin, from, std::min(end, from + chunk_));
    for (Index b = first_block; b < last_block; ++b) {
      if (work.begin[b] >= chunk.end || work.end[b] <= chunk.begin) continue;
      add_chunk(work, chunk, b, b - first_block, work.begin[b] >= chunk.begin);
    }
  }
}

}  // namespace wpg
