#pragma once
#include "wpg/grid.hpp"

namespace wpg::transport {

/// Kernels of the remap on a tile: `width` (a power of two) lines side by side, cell i of line l at [i * width + l],
/// with `ghosts` cells more at either end. Every loop is flat over cells and lines, so it vectorises for any width.
struct Tile {
  Index cells = 0;
  Index width = 0;
  bool periodic = false;

  static constexpr Index ghosts = 3;
  /// Numbers in an array with ghosts and one extra cell for arrays that live on faces.
  Index padded() const { return (cells + 2 * ghosts + 1) * width; }
};

/// Fills the ghosts of an array of cells: periodic copies, or mirror images.
void fill_ghosts(const Tile& tile, double* cells);

/// Which way to convert along the lines: centre values to cell averages, m = rho + d2 rho/24 - 17/5760 d4 rho, or back,
/// rho = m - d2 m/24 + 3/640 d4 m (both of sixth order). Written as a difference of face fluxes, which vanish at the
/// ends of the box, so that the sum is kept; no flux
/// exceeds a fixed share of the smaller of its two cells, so that positive values stay positive, zeros stay zero, and a
/// jump to zero is left as it is. The bound is inactive where neighbours differ by less than a factor of about 5.
enum class Conversion { to_averages, to_centers };

/// Converts `in` (ghosts filled) to `out` (ghosts not filled); `flux` is scratch. Returns the sum of what the bound cut
/// off.
double convert(const Tile& tile, Conversion conversion, const double* in, double* flux, double* out);

/// The reconstruction within cells: a quartic per cell, kept as the partial sums S_1..S_4 of its Bernstein coefficients
/// (S_0 = 0, S_5 = 5 times the average).
struct Reconstruction {
  double* sums[4];  ///< S_1..S_4, arrays of cells; the cell after the last one is filled too
  double* value;    ///< scratch: on faces
  double* slope;    ///< scratch: on faces
  double* jump;     ///< scratch: 1 on faces between very different neighbours, else 0
};

/// Reconstructs from cell averages (ghosts filled). The quartic keeps the average and takes its values and slopes at
/// the two faces from the six nearest averages, so the primitive is a quintic Hermite interpolant (compare the PPM of
/// Colella and Woodward 1984 and the PQM of White and Adcroft 2008). Where a Bernstein coefficient is negative the
/// quartic is scaled about its average (Zhang and Shu 2010), which leaves smooth extrema alone; where neighbours within
/// three cells differ by more than a factor of 8 it is replaced by a line with a monotonized central slope (van Leer
/// 1977). Returns an estimate of the sum that limiting moved.
double reconstruct(const Tile& tile, const double* average, const Reconstruction& result);

/// left[k] = part of the cell's average that lies left of the preimage k, for all faces; `position` counts cells from
/// the start of the line.
void partial_masses(const Tile& tile, const double* position, const double* average, const Reconstruction& quartic,
                    double* left);

}  // namespace wpg::transport
