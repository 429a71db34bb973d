#pragma once
#include <vector>

#include "kernels/truncated_line.hpp"

namespace wpg {

/// The Gibbs kernel of one axis as one sum, or as two that pass through a coarser lattice, to be applied in turn.
///
/// A Gaussian of variance epsilon is the convolution of two of variance epsilon/2. Summed over points z of spacing q
/// instead of integrated,
///     q sum_z g(x - z) g(z - y) = g_epsilon(x - y) (1 + 2 exp(-pi^2 epsilon / (2 q^2)) cos(...) + ...)
/// for every pair x, y: the error is relative to each entry of the kernel, and with q = 0.37 sqrt(epsilon) it is 5e-16
/// (Poisson summation). All terms stay positive, so no accuracy is lost at any dynamic range, and each of the two
/// sums has 33 terms a cell (and the width of a block more), whatever epsilon is. Mirrored and wrapped axes have a
/// mirrored or wrapped lattice of cells; on a free axis it goes on beyond the ends as far as the product of the two
/// counts.
std::vector<TruncatedLine> truncated_factors(const Axis& axis, double epsilon);

}  // namespace wpg
