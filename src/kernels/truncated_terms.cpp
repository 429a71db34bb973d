#include <algorithm>
#include <cmath>

#include "kernels/truncated_line.hpp"

namespace wpg {
namespace {

/// Of the cells whose terms are carried over every so many is looked at for the new scale, and no term may exceed it by
/// more than this, so that sums stay within range.
constexpr Index sampled = 8;
constexpr double most_above = 1e17;
/// Numbers below this may have lost digits, and logarithms of factors beyond this be out of range.
constexpr double fewest = 1e-300;
constexpr double widest = 690.0;
/// The rounding of a scale stays with the terms. One more than twice and this larger than the next would spoil that.
constexpr double least_loss = 64.0;

}  // namespace

/// Finds the exponents of every `step`-th cell of [begin, end), before scaling, and returns the largest.
Pack TruncatedLine::measure_terms(Workspace& work, const Chunk& chunk, Index begin, Index end, Index step) const {
  const Index* const cell = cell_.data() + reach_;
  Pack* const exponents = work.exponents.data() - chunk.begin;
  Pack largest = broadcast(log_floor);
  Pack number = broadcast(static_cast<double>(begin));
  for (Index j = begin; j < end; j += step, number += static_cast<double>(step)) {
    const Pack d = number - chunk.origin;
    exponents[j] = work.in[cell[j]] - half_inverse_variance_ * d * d;
    largest = max(exponents[j], largest);
  }
  return largest;
}

/// The number of cells at the beginning of a chunk whose terms can be carried over from another.
Index TruncatedLine::common_cells(const Chunk& from, const Chunk& to) const {
  const bool next = to.origin - from.origin == static_cast<double>(group_ * block);
  const Index count = std::min(to.end, from.end) - to.begin;
  return next && to.begin >= from.begin && count < static_cast<Index>(carries_.size()) ? std::max<Index>(count, 0) : 0;
}

/// Moves terms from one tilt to the next by multiplication, which costs a fifth of an exponential; false, with terms of
/// no use, where one of them was too small for that, or is too large for the new scale.
bool TruncatedLine::carry_terms(Workspace& work, const Chunk& from, const Chunk& to, Index count) const {
  const double middle = static_cast<double>(to.begin + count / 2);
  const double tilt = 2.0 * half_inverse_variance_ * (to.origin - from.origin);
  const Pack exponent = from.scale - to.scale + tilt * (middle - 0.5 * (from.origin + to.origin));
  const Pack loss = abs(from.scale) - (2.0 * abs(to.scale) + least_loss);
  if (any_at_least(abs(exponent), broadcast(widest)) || any_at_least(loss, Pack{})) return false;
  const Pack factor = exp(exponent);
  const double* const carry = carries_.data() + static_cast<Index>(carries_.size()) / 2 - count / 2;
  const Pack* const old = work.terms.data() + (to.begin - from.begin);
  Pack* const terms = work.terms.data();
  Pack smallest = broadcast(1.0);
  Pack largest{};
  for (Index j = 0; j < count; ++j) {
    const Pack tilted = old[j] * carry[j];
    terms[j] = tilted * factor;
    smallest = min(tilted, smallest);
    largest = max(terms[j], largest);
  }
  return !any_at_least(broadcast(fewest), smallest) && !any_at_least(largest, broadcast(most_above));
}

/// Fills work.terms, which holds those of another chunk.
TruncatedLine::Chunk TruncatedLine::make_chunk(Workspace& work, const Chunk& from, double origin, Index begin,
                                               Index end) const {
  Chunk chunk{begin, end, origin, broadcast(log_floor)};
  Index common = common_cells(from, chunk);
  const Pack largest = measure_terms(work, chunk, begin + common, end, 1);
  chunk.scale = max(largest, measure_terms(work, chunk, begin, begin + common, sampled));
  if (common > 0 && !carry_terms(work, from, chunk, common)) {
    chunk.scale = max(largest, measure_terms(work, chunk, begin, begin + common, 1));
    common = 0;
  }
  for (Index j = common; j < end - begin; ++j) work.terms[j] = exp(work.exponents[j] - chunk.scale);
  work.terms[end - begin] = Pack{};
  return chunk;
}

}  // namespace wpg
