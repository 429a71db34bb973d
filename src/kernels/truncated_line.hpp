#pragma once
#include <vector>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// Log-domain convolution of a bundle of `lanes` neighbouring lines with the sampled Gaussian of one axis.
/// Input cells are numbered along the line and on into its mirrored or wrapped copies; lengths are in cells.
/// Output cells are summed in blocks against one table; a few blocks share one tilt and its exponentials.
class TruncatedLine {
 public:
  /// Output cells that fill the vector registers with their sums.
  static constexpr Index block = lanes == 8 ? 16 : 8;
  /// Most input cells that share one scale.
  static constexpr Index largest_chunk = 192;
  /// Terms below e^-36 = 2e-16 of the largest of a sum are left out; in a Gaussian sum they hold 2e-17 of it.
  static constexpr double negligible = 36.0;
  /// Stands for log 0 where a difference must not become NaN.
  static constexpr double log_floor = -1e300;

  TruncatedLine(const Axis& axis, double epsilon);

  Index length() const { return length_; }
  /// Scratch that one thread needs.
  struct Workspace {
    std::vector<Pack> in, out;  ///< one pack a cell, filled and read by the caller
    std::vector<Pack> left, right, largest,
        where;                      ///< per block of inputs: two samples; the largest value and its cell
    std::vector<Pack> bound;        ///< per block boundary: what a term must reach to matter
    std::vector<Index> begin, end;  ///< per output block: the input cells that matter
    Pack terms[largest_chunk];
  };
  void prepare(Workspace& work) const;
  /// work.out = log(G exp(work.in)).
  void apply(Workspace& work) const;

 private:
  /// Input cells [begin, end) seen from one tilt: exp(scale) times work.terms, relative to `center`.
  struct Chunk {
    Index begin, end, center;
    Pack scale;
  };

  Index blocks() const { return (length_ + block - 1) / block; }
  double boundary(Index b) const { return static_cast<double>(b * block) - 0.5; }
  void summarise(Workspace& work) const;
  Pack candidate(const Workspace& work, Index input_block, double x) const;
  Pack bound_at(const Workspace& work, Index b, Pack largest_input) const;
  void bound_terms(Workspace& work) const;
  bool cell_matters(const Workspace& work, Index j, Index b) const;
  bool block_matters(const Workspace& work, Index input_block, Index b) const;
  Index farthest(Pack largest_input, Pack bound) const;
  void find_windows(Workspace& work) const;
  Chunk make_chunk(Workspace& work, Index center, Index begin, Index end) const;
  void add_chunk(Workspace& work, const Chunk& chunk, Index output_block, Index offset, bool first) const;
  void sum_blocks(Workspace& work, Index first_block, Index last_block) const;

  Index length_;
  double half_inverse_variance_;  ///< h^2 / (2 epsilon)
  double log_norm_;               ///< log of 1 / sum over all integers k of exp(-k^2 h^2 / (2 epsilon))
  double period_;                 ///< in cells on a periodic axis, else infinite
  Index reach_;                   ///< numbered cells beyond either end of the line
  Index group_;                   ///< output blocks that share one tilt
  Index chunk_;                   ///< most input cells that share one tilt and scale
  std::vector<Index> cell_;       ///< [reach_ + number of an input cell] -> cell of the line
  std::vector<double> table_;     ///< [chunk_/2 + k][block/2 + a] -> exp(a k h^2/epsilon)
  std::vector<double> offsets_;   ///< [block of the group][chunk_/2 + k] -> the same for the block's centre
};

}  // namespace wpg
