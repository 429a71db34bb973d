#include "kernels/truncated_line.hpp"

#include <algorithm>
#include <cmath>

namespace wpg {
namespace {

/// Tilts between the outermost outputs and inputs of a chunk stay this far within the range of exp.
constexpr double widest_tilt = 660.0;

Index reach_of(const Axis& axis, double variance) {
  if (axis.boundary == Boundary::free) return 0;
  // A copy farther away than this is negligible beside the cell itself, which is at most a line's length away.
  const double n = static_cast<double>(axis.cells);
  return static_cast<Index>(std::ceil(std::sqrt(n * n + 2.0 * TruncatedLine::negligible * variance)));
}

Index fold(const Axis& axis, Index j) {
  const Index n = axis.cells;
  if (axis.boundary == Boundary::periodic) return ((j % n) + n) % n;
  const Index m = ((j % (2 * n)) + 2 * n) % (2 * n);
  return m < n ? m : 2 * n - 1 - m;
}

double log_of_inverse_sum(double c) {
  double sum = 1.0;
  for (double k = 1.0; c * k * k < 50.0; ++k) sum += 2.0 * std::exp(-c * k * k);
  return -std::log(sum);
}

/// The most input cells whose tilts against a group of output blocks stay within range.
Index chunk_for(Index group, double variance) {
  const double cells = widest_tilt * variance / static_cast<double>(group * TruncatedLine::block / 2);
  return 2 * static_cast<Index>(std::min(cells, static_cast<double>(TruncatedLine::largest_chunk)) / 2.0);
}

/// Output blocks that may share a tilt, if the inputs that matter to them are to fit into one chunk.
Index group_for(double variance) {
  for (Index group = 64 / TruncatedLine::block; group > 1; group /= 2) {
    const double window = static_cast<double>(group * TruncatedLine::block) + 24.0 * std::sqrt(variance);
    if (static_cast<double>(chunk_for(group, variance)) >= window) return group;
  }
  return 1;
}

}  // namespace

TruncatedLine::TruncatedLine(const Axis& axis, double epsilon)
    : length_(axis.cells),
      half_inverse_variance_(axis.spacing() * axis.spacing() / (2.0 * epsilon)),
      log_norm_(log_of_inverse_sum(half_inverse_variance_)),
      period_(axis.boundary == Boundary::periodic ? static_cast<double>(axis.cells)
                                                  : std::numeric_limits<double>::infinity()),
      reach_(reach_of(axis, 0.5 / half_inverse_variance_)),
      group_(group_for(0.5 / half_inverse_variance_)),
      chunk_(chunk_for(group_, 0.5 / half_inverse_variance_)) {
  for (Index j = -reach_; j < length_ + reach_; ++j) cell_.push_back(fold(axis, j));
  const auto tilt = [this](Index a, Index k) {
    return std::exp(2.0 * half_inverse_variance_ * static_cast<double>(a * k));
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
  const auto cells = static_cast<std::size_t>(blocks() * block);
  const auto count = static_cast<std::size_t>(blocks() + 1);
  if (work.in.size() >= cells) return;
  for (auto* packs : {&work.in, &work.out}) packs->resize(cells);
  for (auto* packs : {&work.left, &work.right, &work.largest, &work.where, &work.bound}) packs->resize(count);
  for (auto* indices : {&work.begin, &work.end}) indices->resize(count);
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
  const double slope = 2.0 * half_inverse_variance_ * static_cast<double>(middle - chunk.center);
  Pack* const out = work.out.data() + output_block * block;
  for (int k = 0; k < block; ++k) {
    const double a = static_cast<double>(output_block * block + k - chunk.center);
    const Pack value = log(sums[k]) + (chunk.scale + (a * slope - half_inverse_variance_ * a * a + log_norm_));
    if (first) {
      out[k] = value;
    } else {
      const Pack larger = max(out[k], value);
      out[k] = larger + log(1.0 + exp(min(out[k], value) - max(larger, broadcast(log_floor))));
    }
  }
}

TruncatedLine::Chunk TruncatedLine::make_chunk(Workspace& work, Index center, Index begin, Index end) const {
  Chunk chunk{begin, end, center, broadcast(log_floor)};
  const Index* const cell = cell_.data() + reach_;
  for (Index j = begin; j < end; ++j) {
    const double d = static_cast<double>(j - center);
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
