#include "kernels/tilted_line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using Pair = Eigen::Map<Eigen::Array2d>;

/// The Gaussian at this many standard deviations is below the rounding of a transform, e^-34.
constexpr double cover = 8.3;
/// Padding in units of sqrt(epsilon): enough for r = 1.45.
constexpr double padding = 10.0;
/// Farther beyond the wall than this many standard deviations results are below e^-12 of what is inside.
constexpr double farthest = 4.9;

template <class Pointer>
bool adjacent(const TiltedLine::PerLine<Pointer>& lines) {
  for (std::size_t l = 1; l < lines.size(); ++l) {
    if (lines[l] != lines[0] + l) return false;
  }
  return true;
}

}  // namespace

Index TiltedLine::length_for(Index cells, double variance) {
  const auto zeros = static_cast<Index>(std::ceil(padding * std::sqrt(variance)));
  return FourierTransform::good_length(cells + zeros + 2 * SplineReader::reach);
}

TiltedLine::TiltedLine(Index cells, double variance)
    : cells_(cells),
      variance_(variance),
      transform_(length_for(cells, variance)),
      pitch_((transform_.length() / FourierTransform::alignment + 2) * FourierTransform::alignment),
      lead_((transform_.length() - cells) / 2),
      symbol_(static_cast<std::size_t>(transform_.length())),
      positions_(static_cast<std::size_t>(cells)),
      forms_(positions_),
      losses_(positions_),
      reader_(cells) {
  const Index n = transform_.length();
  const double widest = static_cast<double>(n - cells - 2) / cover;
  largest_r_ = widest * widest / variance;
  smallest_r_ = SplineReader::narrowest * SplineReader::narrowest / variance;
  for (Index m = 0; m <= n / 2; ++m) {
    const double k = 2.0 * M_PI * static_cast<double>(m) / static_cast<double>(n);
    half_squares_.push_back(0.5 * k * k);
    log_transforms_.push_back(SplineReader::log_transform(k));
  }
}

double TiltedLine::result_form(double a, double b, double variance, double x) {
  const double r = 1.0 / (1.0 + a * variance);
  return r * (b * x + 0.5 * (variance * b * b - a * x * x)) + 0.5 * std::log(r);
}

void TiltedLine::tilt(double a, double b) {
  const double r = 1.0 / (1.0 + a * variance_);
  const double log_r = std::log(r);
  spread_ = std::sqrt(r * variance_);
  const double middle = 0.5 * static_cast<double>(cells_ - 1);
  const double zeros = static_cast<double>(transform_.length() - cells_);
  const double most =
      std::min({farthest * spread_, zeros - cover * spread_, static_cast<double>(lead_ - SplineReader::reach)});
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    const double s = r * (x + variance_ * b);
    const double beyond = std::max(0.0, std::abs(s) - middle);
    positions_[i] = std::clamp(s, -middle - most, middle + most) + middle + static_cast<double>(lead_);
    losses_[i] = beyond <= most ? 0.5 * beyond * beyond / (spread_ * spread_) : infinity;
    forms_[i] = r * (b * x + 0.5 * (variance_ * b * b - a * x * x)) + 0.5 * log_r;
  }
}

void TiltedLine::prepare() {
  const int order = SplineReader::order_for(spread_);
  set_symbol(order);
  reader_.place(positions_, order);
  for (std::size_t i = 0; i < losses_.size(); ++i) {
    if (losses_[i] == infinity) reader_.silence(static_cast<Index>(i));
  }
}

/// The Gaussian's transform over the spline's, with the 1/length of the transforms.
void TiltedLine::set_symbol(int order) {
  const auto half = static_cast<Index>(half_squares_.size());
  const double log_length = std::log(static_cast<double>(transform_.length()));
  for (Index m = 0; m < half; m += lanes) {
    const Pack log_symbol = -spread_ * spread_ * load_some(half_squares_.data() + m, half - m, 0.0) -
                            static_cast<double>(order) * load_some(log_transforms_.data() + m, half - m, 0.0);
    store_some(symbol_.data() + m, half - m, exp(log_symbol - log_length));
  }
  for (Index m = 1; m < half; ++m)
    symbol_[symbol_.size() - static_cast<std::size_t>(m)] = symbol_[static_cast<std::size_t>(m)];
}

void TiltedLine::pack(const PerLine<const double*>& in, Index pairs, Index stride, std::complex<double>* packed) const {
  for (Index p = 0; p < pairs; ++p) {
    std::complex<double>* const line = packed + p * pitch_;
    std::fill(line, line + lead_, 0.0);
    std::fill(line + lead_ + cells_, line + transform_.length(), 0.0);
  }
  auto* const first = reinterpret_cast<double*>(packed + lead_);
  if (adjacent(in)) {
    for (Index i = 0; i < cells_; ++i) {
      for (Index p = 0; p < width / 2; ++p) {
        Pair(first + 2 * (p * pitch_ + i)) = Eigen::Map<const Eigen::Array2d>(in[0] + i * stride + 2 * p);
      }
    }
    return;
  }
  for (std::size_t p = 0; p < static_cast<std::size_t>(pairs); ++p) {
    double* const to = first + 2 * static_cast<Index>(p) * pitch_;
    for (Index i = 0; i < cells_; ++i) {
      to[2 * i] = in[2 * p][i * stride];
      to[2 * i + 1] = in[2 * p + 1][i * stride];
    }
  }
}

void TiltedLine::convolve(std::complex<double>* z, std::complex<double>* y) const {
  transform_.forward(z, y);
  auto* const parts = reinterpret_cast<double*>(y);
  for (Index k = 0; k < transform_.length(); ++k) Pair(parts + 2 * k) *= symbol_[static_cast<std::size_t>(k)];
  transform_.backward(y, z);
}

void TiltedLine::apply(const PerLine<const double*>& in, const PerLine<double*>& out, Index count, Index stride,
                       std::complex<double>* memory) const {
  const Index pairs = (count + 1) / 2;
  pack(in, pairs, stride, memory);
  for (Index p = 0; p < pairs; ++p) convolve(memory + p * pitch_, memory + width / 2 * pitch_);
  if (count == width && adjacent(out)) {
    reader_.read(memory, pitch_, width / 2, [&](Index i, Index p, double first, double second) {
      double* const to = out[0] + i * stride + 2 * p;
      to[0] = first;
      to[1] = second;
    });
  } else {
    reader_.read(memory, pitch_, pairs, [&](Index i, Index p, double first, double second) {
      out[static_cast<std::size_t>(2 * p)][i * stride] = first;
      out[static_cast<std::size_t>(2 * p + 1)][i * stride] = second;
    });
  }
}

std::size_t TiltedLine::memory() const {
  const auto points = static_cast<std::size_t>(cells_);
  const std::size_t numbers = 2 * half_squares_.size() + symbol_.size() + 4 * points;
  return numbers * sizeof(double) + points * SplineReader::bytes_per_point;
}

}  // namespace wpg
