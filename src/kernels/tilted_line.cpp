#include "kernels/tilted_line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/line_transform.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The Gaussian at this many standard deviations is below the rounding of a transform, e^-34.
constexpr double cover = 8.3;
/// Padding in units of sqrt(epsilon): enough for r = 2, and for points 2.4 deviations beyond a wall at r = 1.25.
constexpr double padding = 12.0;
/// Farther beyond the wall than this many standard deviations results are below e^-12 of what is inside.
constexpr double farthest = 4.9;

}  // namespace

Index TiltedLine::length_for(Index cells, double variance) {
  const auto zeros = static_cast<Index>(std::ceil(padding * std::sqrt(variance)));
  return LineTransform::good_length(cells + zeros + 2 * SplineReader::reach);
}

TiltedLine::TiltedLine(Index cells, double variance)
    : cells_(cells),
      variance_(variance),
      length_(length_for(cells, variance)),
      lead_((length_ - cells) / 2),
      positions_(static_cast<std::size_t>(cells)),
      forms_(positions_),
      losses_(positions_),
      reader_(cells) {
  const double widest = static_cast<double>(length_ - cells - 2) / cover;
  largest_r_ = widest * widest / variance;
  smallest_r_ = SplineReader::narrowest * SplineReader::narrowest / variance;
  for (Index m = 0; m <= length_ / 2; ++m) {
    const double k = 2.0 * M_PI * static_cast<double>(m) / static_cast<double>(length_);
    half_squares_.push_back(0.5 * k * k);
    log_transforms_.push_back(SplineReader::log_transform(k));
  }
  symbol_.resize(half_squares_.size());
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
  const double zeros = static_cast<double>(length_ - cells_);
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

/// The Gaussian's transform over the spline's.
void TiltedLine::set_symbol(int order) {
  const auto half = static_cast<Index>(half_squares_.size());
  const double log_length = std::log(static_cast<double>(length_));
  for (Index m = 0; m < half; m += lanes) {
    const Pack log_symbol = -spread_ * spread_ * load_some(half_squares_.data() + m, half - m, 0.0) -
                            static_cast<double>(order) * load_some(log_transforms_.data() + m, half - m, 0.0);
    store_some(symbol_.data() + m, half - m, exp(log_symbol - log_length));
  }
}

std::size_t TiltedLine::memory() const {
  const auto points = static_cast<std::size_t>(cells_);
  const std::size_t numbers = 3 * half_squares_.size() + 3 * points;
  return numbers * sizeof(double) + points * SplineReader::bytes_per_point;
}

}  // namespace wpg
