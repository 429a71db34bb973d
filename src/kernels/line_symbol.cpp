#include "line_symbol.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "fftw.hpp"
#include "line_transform.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// Weights below this share of the largest are beneath the transform's own rounding.
constexpr double negligible = 1e-20;

double variance_in_cells(const Axis& axis, double epsilon) { return epsilon / (axis.spacing() * axis.spacing()); }

std::vector<double> free_weights(const Axis& axis, double epsilon) {
  return gaussian_weights(variance_in_cells(axis, epsilon), negligible, axis.cells - 1);
}

/// Eigenvalues 0 ... length/2 of the cut-off kernel on the padded line.
std::vector<double> padded_eigenvalues(const std::vector<double>& weights, Index length) {
  const BoxTransform transform({length});
  const FftBuffer kernel = transform.box_buffer();
  const FftBuffer image = transform.spectrum_buffer();
  double* const line = BoxTransform::real(kernel);
  std::fill_n(line, length, 0.0);
  for (Index k = 0; k < static_cast<Index>(weights.size()); ++k) {
    line[k] = weights[static_cast<std::size_t>(k)];
    line[(length - k) % length] = line[k];
  }
  transform.forward(kernel, image);
  std::vector<double> eigenvalues;
  for (Index m = 0; m <= length / 2; ++m) eigenvalues.push_back(image.data()[m].real());
  return eigenvalues;
}

}  // namespace

Index LineSymbol::length_for(const Axis& axis, double epsilon) {
  if (axis.boundary != Boundary::free) return axis.cells;
  return LineTransform::good_length(axis.cells + static_cast<Index>(free_weights(axis, epsilon).size()) - 1);
}

LineSymbol::LineSymbol(const Axis& axis, double epsilon)
    : cells(axis.cells), length(length_for(axis, epsilon)), positions(static_cast<std::size_t>(axis.cells)) {
  const double variance = variance_in_cells(axis, epsilon);
  switch (axis.boundary) {
    case Boundary::reflecting:
      plan_mirrored(gaussian_symbol(variance, 2 * cells));
      break;
    case Boundary::periodic:
      plan_cyclic(gaussian_symbol(variance, cells));
      break;
    case Boundary::free:
      plan_cyclic(padded_eigenvalues(free_weights(axis, epsilon), length));
      break;
  }
}

void LineSymbol::plan_cyclic(const std::vector<double>& eigenvalues) {
  std::iota(positions.begin(), positions.end(), Index{0});
  for (const double eigenvalue : eigenvalues) same.push_back(eigenvalue / static_cast<double>(length));
}

void LineSymbol::plan_mirrored(const std::vector<double>& eigenvalues) {
  for (Index i = 0; i < cells; ++i) {
    positions[static_cast<std::size_t>(i)] = i % 2 == 0 ? i / 2 : cells - (i + 1) / 2;
  }
  const auto n = static_cast<std::size_t>(cells);
  const double scale = 0.5 / static_cast<double>(n);
  for (std::size_t k = 0; k <= n / 2; ++k) {
    const double a = eigenvalues[k];
    const double b = eigenvalues[n - k];
    same.push_back(scale * (a + b));
    mirror.push_back(scale * (a - b) * std::polar(1.0, M_PI * static_cast<double>(k) / static_cast<double>(n)));
  }
}

}  // namespace wpg
