#pragma once
#include <array>
#include <vector>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// A nine-point M-matrix on one level of a multigrid hierarchy, row by row
///
///     z_p + sum of c_pq (z_p - z_q) over its eight neighbours q  =  right_p,
///
/// with what a cycle needs there. Columns of even and of odd index are stored apart, so that each colour of a zebra
/// relaxation is contiguous; around them ghosts, to which couplings lead only across the seam of a periodic axis.
/// Couplings are single precision: they only precondition, and they are what a cycle's time goes into reading.
struct Stencil {
  enum Direction { east, north, northeast, northwest };

  Stencil(Index columns, Index rows, std::array<bool, 2> periodic);

  /// Where cell 2k + colour of row j is stored. k and j may lie outside by one.
  Index at(int colour, Index k, Index j) const { return (2 * j + 2 + colour) * pitch + 2 * lanes + k; }
  /// Distances in memory from a cell of a colour to its neighbours in each direction, and opposite to it.
  std::array<Index, 4> forward_offsets(int colour) const;
  std::array<Index, 4> backward_offsets(int colour) const;
  /// Number of columns of a colour.
  Index count(int colour) const { return (columns + 1 - colour) / 2; }

  /// Copies z across the seams of periodic axes.
  void fill_ghosts();
  std::size_t memory() const;

  Index columns, rows;
  Index pitch;
  std::array<bool, 2> periodic;
  std::array<std::vector<float>, 4> forward;   ///< coupling of a cell to its neighbour in the direction,
  std::array<std::vector<float>, 4> backward;  ///< and to the one opposite
  std::vector<double> log_rho;
  std::vector<float> share;  ///< of the mass of its cell on the next coarser level
  std::vector<double> right, z;
};

/// to[2k + colour], k from `first`, `lanes` of each colour.
template <class Vector>
void store_apart(Vector& to, const Stencil& s, Index row, Index first, Pack low, Pack high) {
  Pack even, odd;
  separate(low, high, even, odd);
  store(to.data() + s.at(0, first / 2, row), even);
  store(to.data() + s.at(1, first / 2, row), odd);
}

}  // namespace wpg
