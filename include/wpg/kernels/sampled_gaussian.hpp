#pragma once
#include <string>
#include <vector>

#include "wpg/grid.hpp"

namespace wpg {

/// The Gaussian of variance epsilon sampled at the distances k h of an axis and normalised over all integers:
/// g_k = exp(-k^2 h^2 / (2 epsilon)) / Z. `variance` below is epsilon / h^2, the variance in cells. Every back-end
/// takes its weights from here, so that they agree to rounding. As a quadrature of the continuous kernel it is exact up
/// to exp(-2 pi^2 variance), both in its sum and in its variance.

/// The variance (in the user's units) if it is finite and > 0; else throws InvalidValue under the given name.
double checked_variance(const std::string& name, double variance);

/// Z = sum over all integers k of exp(-k^2 / (2 variance)), by Poisson summation where that converges faster.
double gaussian_normalization(double variance);

/// The weights g_0 ... g_K, with K the last k at which g_k / g_0 is at least `cut` (0 < cut < 1), but at most
/// `longest`.
std::vector<double> gaussian_weights(double variance, double cut, Index longest);

/// Eigenvalues of the kernel wrapped with an integer period: sum over all k of g_k cos(2 pi m k / period) for
/// m = 0 ... period/2, each to rounding relative to the largest, which is 1. A periodic axis of n cells has period n; a
/// reflecting one has period 2n, and its eigenvectors are those of the DCT-II.
std::vector<double> gaussian_symbol(double variance, Index period);

}  // namespace wpg
