#include "kernels/truncated_factors.hpp"

#include <cmath>

#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// Spacing of the coarse lattice in units of sqrt(epsilon), and the spacing in cells from which it pays (measured:
/// at sqrt(epsilon)/h = 7.5).
constexpr double widest_spacing = 0.37;
constexpr double fewest_cells = 2.75;
/// Half of what a product of two factors covers, in its standard deviations sqrt(epsilon)/2.
constexpr double cover = 8.6;

/// Cell centres; the first of them at half a spacing.
Lattice cells_of(const Axis& axis, Index count) {
  const double spacing = (axis.upper - axis.lower) / static_cast<double>(count);
  return {count, 0.5 * spacing, spacing, axis.boundary};
}

Lattice coarse_lattice(const Axis& axis, double epsilon) {
  const double width = axis.upper - axis.lower;
  Lattice coarse = cells_of(axis, static_cast<Index>(std::ceil(width / (widest_spacing * std::sqrt(epsilon)))));
  if (axis.boundary != Boundary::free) return coarse;
  const auto beyond = static_cast<Index>(std::ceil(0.5 * cover * std::sqrt(epsilon) / coarse.spacing));
  coarse.count += 2 * beyond;
  coarse.first -= static_cast<double>(beyond) * coarse.spacing;
  return coarse;
}

}  // namespace

std::vector<TruncatedLine> truncated_factors(const Axis& axis, double epsilon) {
  const double h = axis.spacing();
  const double log_norm = -std::log(gaussian_normalization(epsilon / (h * h)));
  const Lattice fine = cells_of(axis, axis.cells);
  std::vector<TruncatedLine> factors;
  if (widest_spacing * std::sqrt(epsilon) < fewest_cells * h) {
    factors.emplace_back(fine, fine, epsilon, log_norm);
    return factors;
  }
  const Lattice coarse = coarse_lattice(axis, epsilon);
  // Sum over z of exp(-(z - m)^2 / (2 variance)), variance = epsilon/4, as an integral.
  const double sum_over_lattice = std::sqrt(0.5 * M_PI * epsilon) / coarse.spacing;
  factors.emplace_back(fine, coarse, 0.5 * epsilon, 0.0);
  factors.emplace_back(coarse, fine, 0.5 * epsilon, log_norm - std::log(sum_over_lattice));
  return factors;
}

}  // namespace wpg
