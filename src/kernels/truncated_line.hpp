#pragma once
#include <cmath>
#include <vector>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// Equally spaced points; `boundary` tells how they go on beyond the first and the last.
struct Lattice {
  Index count;
  double first, spacing;
  Boundary boundary;
};

/// Log-domain sums of Gaussians between two lattices of a line, for a bundle of `lanes` neighbouring lines:
/// out_i = log_factor + log sum_j exp(in_j - (x_i - y_j)^2 / (2 variance)), over the input points y_j and their
/// mirrored or wrapped copies. Lengths inside are in spacings of the input ("cells"), with the first input point at 0;
/// inputs are numbered along the line and on into its copies. Outputs are summed in blocks against one table; a few
/// blocks share one tilt and its exponentials.
class TruncatedLine {
 public:
  /// Output cells that fill the vector registers with their sums.
  static constexpr int block = lanes == 8 ? 16 : lanes == 4 ? 12 : 8;
  /// Most input cells that share one scale.
  static constexpr Index largest_chunk = 512;
  /// Terms below e^-36 = 2e-16 of the largest of a sum are left out; in a Gaussian sum they hold 2e-17 of it.
  static constexpr double negligible = 36.0;
  /// Stands for log 0 where a difference must not become NaN.
  static constexpr double log_floor = -1e300;

  TruncatedLine(const Lattice& in, const Lattice& out, double variance, double log_factor);

  Index inputs() const { return length_; }
  Index outputs() const { return outputs_; }
  /// Bytes of its tables.
  std::size_t memory() const;
  /// Scratch that one thread needs.
  struct Workspace {
    std::vector<Pack> in, out;     ///< one pack a point, filled and read by the caller
    double convexity;              ///< of the lines, in units of 1/variance
    std::vector<double> up, down;  ///< per stretch of inputs: the largest and the smallest slope, over all lanes
    std::vector<double> right_near, right_far, left_near, left_far;  ///< per station: x/variance of zero slack
    std::vector<Pack> left, right;                                   ///< per block of inputs: two samples
    std::vector<Pack> largest, where;  ///< per block of inputs: the largest value and its cell
    std::vector<Pack> bound;           ///< per block boundary: what a term must reach to matter
    std::vector<Index> begin, end;     ///< per output block: the input cells that matter
    std::vector<Pack> exponents;       ///< of the terms of a chunk that are not carried over
    std::vector<Pack> terms;           ///< of a chunk, and a zero
    bool balanced;                     ///< whether the last block's sums were, about the middle of their window
  };
  void prepare(Workspace& work) const;
  /// Fills work.out from work.in.
  void apply(Workspace& work) const;

  /// Output block b holds the outputs [b block, (b + 1) block).
  Index blocks() const { return (outputs_ + block - 1) / block; }
  /// Finds work.begin and work.end from the slopes of work.in; false, with what they then hold of no use, where these
  /// vary so wildly that a search pays, or where the line is short beside the Gaussian.
  bool windows_from_slopes(Workspace& work) const;
  /// Finds them for any input.
  void search_windows(Workspace& work) const;

 private:
  /// Input cells [begin, end) seen from one tilt: exp(scale) times work.terms, relative to `origin`.
  struct Chunk {
    Index begin, end;
    double origin;  ///< the centre of the outputs
    Pack scale;
    Index middle() const { return (begin + end) / 2; }
  };

  /// The terms of a chunk that matter to a block, with what moves each from the group's tilt to the block's.
  struct Part {
    const Pack* terms;
    const double* offsets;
    Index begin, count;  ///< input cells from the middle of the chunk
    Index pairs() const { return (count + 1) / 2; }
  };

  void fill_tables();
  /// The distance of item i of so many from their centre, in spacings.
  static double from_center(int i, int count) { return i - 0.5 * (count - 1); }
  Index input_blocks() const { return (length_ + block - 1) / block; }
  double position(Index output) const { return first_ + step_ * static_cast<double>(output); }
  /// Where block b of the outputs begins: half a spacing before its first.
  double boundary(Index b) const { return position(b * block) - 0.5 * step_; }
  Index first_cell(Index b) const { return static_cast<Index>(std::ceil(boundary(b))); }
  Index slopes() const { return std::isinf(period_) ? length_ - 1 : length_; }
  double convexity(const Workspace& work) const;
  void measure_slopes(Workspace& work) const;
  void repeat_slopes(Workspace& work) const;
  void place_stations(Workspace& work) const;
  Index beyond(double slack, double convexity) const;
  void follow_slopes(Workspace& work) const;
  Index idle(const Workspace& work, Index j, Index step, Index b) const;
  void tighten(Workspace& work, Index wide) const;
  bool add_mirrored(Workspace& work) const;
  bool limit_to_period(Workspace& work) const;
  Index order_windows(Workspace& work) const;
  void summarise(Workspace& work) const;
  Pack candidate(const Workspace& work, Index input_block, double x) const;
  Pack bound_at(const Workspace& work, Index b, Pack largest_input) const;
  void bound_terms(Workspace& work) const;
  /// The term of a numbered input at x.
  Pack term(const Workspace& work, Index j, double x) const {
    const double d = static_cast<double>(j) - x;
    return work.in[cell_[static_cast<std::size_t>(j + reach_)]] - half_inverse_variance_ * d * d;
  }
  /// Whether it contributes at a block boundary, in any lane.
  bool cell_matters(const Workspace& work, Index j, Index b) const {
    return any_at_least(term(work, j, boundary(b)), work.bound[b]);
  }
  bool block_matters(const Workspace& work, Index input_block, Index b) const;
  Index farthest(Pack largest_input, Pack bound) const;
  Pack measure_terms(Workspace& work, const Chunk& chunk, Index begin, Index end, Index step) const;
  Index common_cells(const Chunk& from, const Chunk& to) const;
  bool carry_terms(Workspace& work, const Chunk& from, const Chunk& to, Index count) const;
  Chunk make_chunk(Workspace& work, const Chunk& from, double origin, Index begin, Index end) const;
  Part part_of(const Workspace& work, const Chunk& chunk, Index output_block, Index offset) const;
  void plain_sums(const Part& part, Pack* sums) const;
  bool paired_sums(const Part& part, Pack* sums) const;
  bool balanced(const Part& part, const Pack* sums) const;
  void rests(const Chunk& chunk, const Part* paired, int before, double* rest) const;
  void add_chunk(Workspace& work, const Chunk& chunk, Index output_block, Index offset, bool first) const;
  void sum_blocks(Workspace& work, Chunk& chunk, Index first_block, Index last_block) const;

  Index length_;
  Index outputs_;
  double step_;                     ///< spacing of the outputs
  double first_;                    ///< position of the first output
  double half_inverse_variance_;    ///< 1 / (2 variance)
  long double tilt_;                ///< change of the tilt from one output to the next, per cell
  double period_;                   ///< in cells on a periodic axis, else infinite
  Index reach_;                     ///< numbered inputs beyond either end of the line
  bool mirrored_;                   ///< whether the line goes on in mirror images
  Index stretch_;                   ///< input cells of which the steepest slopes are kept
  std::vector<double> stations_;    ///< numbers of the input cells where stretches begin and, at last, end
  int group_;                       ///< output blocks that share one tilt
  Index chunk_;                     ///< most input cells that share one tilt and scale
  std::vector<Index> cell_;         ///< [reach_ + number of an input cell] -> cell of the line
  std::vector<double> table_;       ///< [chunk_/2 + k][block/2 + a] -> exp((a + 1/2) k / variance)
  std::vector<double> pair_table_;  ///< [k][a] -> cosh, [k][block/2 + a] -> sinh of (a + 1/2) (k + 1/2) / variance
  std::vector<double> factors_high_, factors_low_;  ///< [output of the group] -> log of what all its terms share
  std::vector<double> offsets_;  ///< [block of the group][chunk_/2 + k] -> exp(distance k / variance) of its centre
  std::vector<double> carries_;  ///< [size/2 + k] -> the same for the next group's
};

}  // namespace wpg
