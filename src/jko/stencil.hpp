#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "jko/bfloat16.hpp"
#include "jko/directions.hpp"
#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// A nine-point M-matrix on one level of a multigrid hierarchy, row by row
///
///     z_p + sum of c_pq (z_p - z_q) over its eight neighbours q  =  right_p,
///
/// with what a cycle needs there. Columns of even and of odd index are stored apart, so that each colour of a zebra
/// relaxation is contiguous; around them ghosts, one below and three above, to which couplings lead only across the
/// seam of a periodic axis. All fields but the masses are in few bytes: they only precondition, and a cycle's time goes
/// into reading them.
struct Stencil {
  Stencil(Index columns, Index rows, std::array<bool, 2> periodic);

  /// Where cell 2k + colour of row j is stored. k and j may lie outside by one.
  Index at(int colour, Index k, Index j) const { return (2 * j + 2 + colour) * pitch + Index{2} * lanes + k; }
  /// Where row j is stored.
  Index row_begin(Index j) const { return 2 * (j + 1) * pitch; }
  /// Distances in memory from a cell of a colour to its neighbours in each direction, and opposite to it.
  std::array<Index, 4> forward_offsets(int colour) const;
  std::array<Index, 4> backward_offsets(int colour) const;
  /// Number of columns of a colour.
  Index count(int colour) const { return (columns + 1 - colour) / 2; }

  /// Copies a field, z for one, across the seams of periodic axes.
  void fill_ghosts(std::vector<float>& field) const;
  void fill_ghosts() { fill_ghosts(z); }
  /// Copies the two cells behind the end of a periodic axis, where its number of cells is even.
  template <class Vector>
  void continue_ahead(Vector& field) const;
  std::size_t memory() const;

  Index columns, rows;
  Index pitch;
  std::array<bool, 2> periodic;
  std::array<std::vector<Bfloat16>, 4> forward;   ///< coupling of a cell to its neighbour in the direction,
  std::array<std::vector<Bfloat16>, 4> backward;  ///< and to the one opposite
  std::vector<double> log_rho;
  std::vector<float> share;  ///< of the mass of its cell on the next coarser level
  std::vector<float> right, z;
};

template <class Vector>
void Stencil::continue_ahead(Vector& field) const {
  for (Index j = 0; periodic[0] && columns % 2 == 0 && j < rows; ++j) {
    for (int colour = 0; colour < 2; ++colour) {
      field[static_cast<std::size_t>(at(colour, columns / 2, j))] = field[static_cast<std::size_t>(at(colour, 0, j))];
      field[static_cast<std::size_t>(at(colour, -1, j))] =
          field[static_cast<std::size_t>(at(colour, columns / 2 - 1, j))];
    }
  }
  if (periodic[1] && rows % 2 == 0) {
    std::copy_n(field.begin() + row_begin(0), 4 * pitch, field.begin() + row_begin(rows));
  }
}

/// to[2k + colour], k from `first`, `lanes` of each colour.
template <class Vector>
void store_apart(Vector& to, const Stencil& s, Index row, Index first, Pack low, Pack high) {
  Pack even, odd;
  separate(low, high, even, odd);
  store(to.data() + s.at(0, first / 2, row), even);
  store(to.data() + s.at(1, first / 2, row), odd);
}

}  // namespace wpg
