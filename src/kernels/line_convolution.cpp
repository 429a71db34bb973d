#include "line_convolution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

/// A complex number as its two parts.
using Pair = Eigen::Map<Eigen::Array2d>;

/// Weights below this share of the largest are beneath the transform's own rounding.
constexpr double negligible = 1e-20;

double variance_in_cells(const Axis& axis, double epsilon) { return epsilon / (axis.spacing() * axis.spacing()); }

std::vector<double> free_weights(const Axis& axis, double epsilon) {
  return gaussian_weights(variance_in_cells(axis, epsilon), negligible, axis.cells - 1);
}

/// Eigenvalues 0 ... length/2 of the cut-off kernel on the padded line.
std::vector<double> padded_symbol(const std::vector<double>& weights, const FourierTransform& transform) {
  const Index length = transform.length();
  const FftBuffer kernel(length);
  const FftBuffer image(length);
  std::fill_n(kernel.data(), length, 0.0);
  for (std::size_t k = 0; k < weights.size(); ++k) {
    kernel.data()[k] = weights[k];
    kernel.data()[(static_cast<std::size_t>(length) - k) % static_cast<std::size_t>(length)] = weights[k];
  }
  transform.forward(kernel.data(), image.data());
  std::vector<double> symbol;
  for (Index m = 0; m <= length / 2; ++m) symbol.push_back(image.data()[m].real());
  return symbol;
}

}  // namespace

Index LineConvolution::length_for(const Axis& axis, double epsilon) {
  if (axis.boundary != Boundary::free) return axis.cells;
  return FourierTransform::good_length(axis.cells + static_cast<Index>(free_weights(axis, epsilon).size()) - 1);
}

LineConvolution::LineConvolution(const Axis& axis, double epsilon)
    : cells_(axis.cells),
      transform_(length_for(axis, epsilon)),
      positions_(static_cast<std::size_t>(axis.cells)),
      same_(static_cast<std::size_t>(transform_.length())) {
  const double variance = variance_in_cells(axis, epsilon);
  std::iota(positions_.begin(), positions_.end(), Index{0});
  switch (axis.boundary) {
    case Boundary::reflecting:
      plan_mirrored(gaussian_symbol(variance, 2 * cells_));
      break;
    case Boundary::periodic:
      plan_cyclic(gaussian_symbol(variance, cells_));
      break;
    case Boundary::free:
      plan_cyclic(padded_symbol(free_weights(axis, epsilon), transform_));
      break;
  }
}

void LineConvolution::plan_cyclic(const std::vector<double>& symbol) {
  const auto n = static_cast<std::size_t>(length());
  for (std::size_t k = 0; k < n; ++k) same_[k] = symbol[std::min(k, n - k)] / static_cast<double>(n);
}

void LineConvolution::plan_mirrored(const std::vector<double>& symbol) {
  const auto n = static_cast<std::size_t>(length());
  const double scale = 0.5 / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) positions_[i] = static_cast<Index>(i % 2 == 0 ? i / 2 : n - (i + 1) / 2);
  mirror_.resize(n);
  for (std::size_t k = 0; k < n; ++k) {
    same_[k] = scale * (symbol[k] + symbol[n - k]);
    mirror_[k] =
        scale * (symbol[k] - symbol[n - k]) * std::polar(1.0, M_PI * static_cast<double>(k) / static_cast<double>(n));
  }
}

void LineConvolution::convolve(std::complex<double>* z, std::complex<double>* y) const {
  transform_.forward(z, y);
  auto* const parts = reinterpret_cast<double*>(y);
  if (mirror_.empty()) {
    for (Index k = 0; k < length(); ++k) Pair(parts + 2 * k) *= same_[static_cast<std::size_t>(k)];
  } else {
    multiply_mirrored(parts);
  }
  transform_.backward(y, z);
}

void LineConvolution::multiply_mirrored(double* y) const {
  const Index n = length();
  // Entries k and n-k go together: their factors are equal, those of their mirror images conjugate.
  Pair(y) *= same_[0] + mirror_[0].real();
  for (Index k = 1; 2 * k <= n; ++k) {
    const double same = same_[static_cast<std::size_t>(k)];
    const std::complex<double> mirror = mirror_[static_cast<std::size_t>(k)];
    const Eigen::Array2d turn(-mirror.imag(), mirror.imag());
    const Eigen::Array2d a = Pair(y + 2 * k);
    const Eigen::Array2d b = Pair(y + 2 * (n - k));
    Pair(y + 2 * k) = same * a + mirror.real() * b + turn * b.reverse();
    Pair(y + 2 * (n - k)) = same * b + mirror.real() * a - turn * a.reverse();
  }
}

}  // namespace wpg
