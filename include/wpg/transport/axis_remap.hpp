#pragma once
#include <functional>
#include <span>
#include <vector>

#include "wpg/field.hpp"
#include "wpg/transport/reconstruction.hpp"

namespace wpg::transport {

/// Mass moved by a remap, as sums of cell values.
struct RemapSums {
  double clamped = 0.0;
  double limited = 0.0;
};

/// Pushes a density along one axis of a grid by one monotone map per line: the mass of a new cell is the old mass
/// between the preimages of its faces, summed cell by cell (never a difference of sums over the line, which would lose
/// small values), so masses are conserved to rounding and tails keep their relative accuracy. Centre values are
/// converted to cell averages before and back afterwards. The two outermost cells also keep what the map would carry
/// out of the box; along a periodic axis lines wrap. Work: neighbouring lines are swept eight at a time (lines that are
/// contiguous in memory one at a time), so memory is read in whole cache lines.
class AxisRemap {
 public:
  /// Fills the preimages of the faces of a line, cells + 1 numbers, in units of cells from the start of the line and
  /// nondecreasing. On a periodic axis they are unwrapped and the last is the first plus `cells`; on others they lie
  /// in [0, cells]. Called from several threads.
  using Preimages = std::function<void(Index line, std::span<double> faces)>;

  /// What a cell's value stands for: the density at its centre, or its mass over its volume, which needs no conversion
  /// and is what a density with singular parts has.
  enum class CellValue { at_center, average };

  /// Throws InvalidValue where a preimage is not finite.
  AxisRemap(const Grid& grid, int axis, const Preimages& preimages, CellValue value = CellValue::at_center);

  /// `in` and `out` may be the same. Nonnegative in, nonnegative out. Results do not depend on the number of threads.
  RemapSums apply(const Values& in, Values& out) const;

  std::size_t memory() const;

 private:
  struct Block {
    Index first;  ///< first line
    Index count;  ///< lines, at most the tile's width
  };
  struct Scratch;

  Block block(Index tile) const;
  void keep(const std::vector<double>& faces, Index tile, Index lane);
  RemapSums sweep(Index tile, const Values& in, Values& out) const;
  void load(Index tile, const Values& in, double* cells) const;
  void store(Index tile, const double* cells, Values& out) const;
  double remap(const double* position, const Scratch& scratch, double* result) const;

  Lines lines_;
  Tile tile_;
  CellValue value_;
  Index blocks_per_run_ = 0;  ///< tiles that cover one run of neighbouring lines
  Index tiles_ = 0;
  std::vector<double> positions_;  ///< per tile and face, lines side by side
  std::vector<Index> offsets_;     ///< on periodic axes: whole cells by which a line is turned before the remap
};

}  // namespace wpg::transport
