#include "kernels/truncated_line.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/halves.hpp"

namespace wpg {
namespace {

/// Tilts between the outermost outputs and inputs of a chunk stay this far within the range of exp.
constexpr double widest_tilt = 660.0;

/// Greatest change of the tilt across a block, per cell of the input, at which its outputs are summed in pairs, if they
/// lie no farther apart than the inputs (measured: beyond, too few sums are balanced).
constexpr double steepest_pairs = 4.0;

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

/// Eight standard deviations: windows reach nine beyond their largest terms.
Index stretch_for(double variance) { return std::max<Index>(4, std::lround(8.0 * std::sqrt(variance))); }

/// On a periodic axis those of the line and of a copy to either side.
std::vector<double> stations_of(const Lattice& in, Index stretch) {
  const bool periodic = in.boundary == Boundary::periodic;
  const Index slopes = periodic ? in.count : in.count - 1;
  std::vector<double> stations;
  for (Index copy = periodic ? -1 : 0; copy <= (periodic ? 1 : 0); ++copy) {
    for (Index j = 0; j < slopes; j += stretch) {
      stations.push_back(static_cast<double>(copy * in.count + j));
    }
  }
  stations.push_back(static_cast<double>(periodic ? 2 * in.count : in.count - 1));
  return stations;
}

/// The most inputs whose tilts against a group of output blocks, half of which spans `half`, stay within range.
Index chunk_for(double half, double variance) {
  const double cells = widest_tilt * variance / half;
  return 2 * static_cast<Index>(std::min(cells, static_cast<double>(TruncatedLine::largest_chunk)) / 2.0);
}

/// Output blocks of span `block` that may share a tilt, if the inputs that matter to them are to fit into one chunk.
int group_for(double block, double variance) {
  for (int group = 64 / TruncatedLine::block; group > 1; --group) {
    const double span = group * block;
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
      tilt_(2.0L * half_inverse_variance_ * step_),
      period_(in.boundary == Boundary::periodic ? static_cast<double>(in.count)
                                                : std::numeric_limits<double>::infinity()),
      reach_(reach_of(in, 0.5 / half_inverse_variance_)),
      mirrored_(in.boundary == Boundary::reflecting),
      stretch_(stretch_for(0.5 / half_inverse_variance_)),
      stations_(stations_of(in, stretch_)),
      group_(group_for(step_ * static_cast<double>(block), 0.5 / half_inverse_variance_)),
      chunk_(chunk_for(step_ * static_cast<double>(group_ * block) / 2.0, 0.5 / half_inverse_variance_)) {
  for (Index j = -reach_; j < length_ + reach_; ++j) cell_.push_back(fold(in, j));
  for (int i = 0; i < group_ * block; ++i) {
    const long double steps = from_center(i, group_ * block);
    const Halves factor = halves(log_factor - 0.5L * tilt_ * step_ * steps * steps);
    factors_high_.push_back(factor.high);
    factors_low_.push_back(factor.low);
  }
  fill_tables();
}

/// All tables of exponentials. Their exponents are rounded once, so that they err as little as products of integers.
void TruncatedLine::fill_tables() {
  const auto exponent = [&](double steps, double cells) { return static_cast<double>(tilt_ * steps * cells); };
  const auto fill = [&](std::vector<double>& table, double steps, Index most) {
    for (Index k = -most; k <= most; ++k) table.push_back(std::exp(exponent(steps, static_cast<double>(k))));
  };
  for (Index k = -chunk_ / 2; k <= chunk_ / 2; ++k) {
    for (int a = 0; a < block; ++a) {
      table_.push_back(std::exp(exponent(from_center(a, block), static_cast<double>(k))));
    }
  }
  const auto tilt = static_cast<double>(tilt_);
  const bool pairs_pay = step_ <= 1.0 && tilt * block < steepest_pairs;
  for (Index k = 0; k <= chunk_ / 2 && pairs_pay; ++k) {
    const auto x = [&](int a) { return exponent(a + 0.5, static_cast<double>(k) + 0.5); };
    for (int a = 0; a < block / 2; ++a) pair_table_.push_back(std::cosh(x(a)));
    for (int a = 0; a < block / 2; ++a) pair_table_.push_back(std::sinh(x(a)));
  }
  for (int b = 0; b < group_; ++b) fill(offsets_, block * from_center(b, group_), chunk_ / 2);
  // Elsewhere positions are rounded, and with them the distance from one group to the next.
  if (step_ != 1.0) return;
  const int next = group_ * block;
  fill(carries_, next, std::min(chunk_ / 2, static_cast<Index>(widest_tilt / (tilt * next))));
}

std::size_t TruncatedLine::memory() const {
  std::size_t numbers = 0;
  for (const auto* table : {&table_, &pair_table_, &factors_high_, &factors_low_, &offsets_, &carries_, &stations_})
    numbers += table->size();
  return cell_.size() * sizeof(Index) + numbers * sizeof(double);
}

void TruncatedLine::prepare(Workspace& work) const {
  grow(work.in, length_);
  grow(work.out, blocks() * block);
  for (auto* slopes : {&work.up, &work.down, &work.right_near, &work.right_far, &work.left_near, &work.left_far}) {
    grow(*slopes, static_cast<Index>(stations_.size()) + 2);
  }
  for (auto* packs : {&work.left, &work.right, &work.largest, &work.where}) grow(*packs, input_blocks() + 1);
  grow(work.bound, blocks() + 1);
  grow(work.exponents, chunk_);
  grow(work.terms, chunk_ + 1);
  for (auto* indices : {&work.begin, &work.end}) grow(*indices, blocks() + 1);
}

void TruncatedLine::apply(Workspace& work) const {
  if (!windows_from_slopes(work)) search_windows(work);
  work.balanced = !pair_table_.empty();
  Chunk chunk{};
  for (Index b = 0; b < blocks(); b += group_) sum_blocks(work, chunk, b, std::min(b + group_, blocks()));
}

}  // namespace wpg
