#pragma once
#include <vector>

#include "butterfly.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// One pass of a mixed-radix transform: it splits each block of radix * below points into `radix` blocks of `below`, or
/// joins them again backward, by butterflies of `radix` points that are `below` apart.
struct LinePass {
  LinePass(Index radix, Index below);

  Index points() const { return radix * below; }

  Index radix;
  Index below;
  std::vector<Twiddle> twiddles;  ///< exp(2 pi i j p / (radix below)) for 0 <= j < below, 0 < p < radix; p fastest
  std::vector<Twiddle> roots;     ///< exp(2 pi i k / radix) where there is no butterfly of its own for the radix
};

/// Largest radix, a prime, for which the direct sum is faster than what FFTW does (measured).
constexpr Index largest_radix = 127;

/// `z` holds `blocks` blocks. Radices 2, 3, 4, 5, 7 and 8 have their own butterflies; the odd primes up to
/// largest_radix are direct sums, of about 2 radix operations a point.
template <Sense sense>
void run_pass(const LinePass& pass, ComplexPack* z, Index blocks);

/// The last pass forward, where `below` is one, multiplication of each point by its factor, and that pass backward.
void run_innermost(const LinePass& pass, ComplexPack* z, Index blocks, const double* factors);

}  // namespace wpg
