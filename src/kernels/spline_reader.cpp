#include "kernels/spline_reader.hpp"

#include <algorithm>
#include <cmath>

namespace wpg {
namespace {

constexpr int largest_order = 2 * SplineReader::reach;

double error_bound(double spread, int order) {
  const double base = 2.0 * M_PI * spread - std::sqrt(order);
  return 2.0 * std::exp(0.5 * std::lgamma(order + 1.0) - order * std::log(base));
}

/// The values M(t + j - order/2) of the spline, j = 0 ... order - 1, by de Boor's recursion in the order.
template <int order>
void spline_values(Pack t, Pack* values) {
  if constexpr (order == 1) {
    values[0] = broadcast(1.0);
  } else {
    spline_values<order - 1>(t, values);
    constexpr double scale = 1.0 / (order - 1);
    const Pack right = t * scale;
    const Pack left = scale - right;
    values[order - 1] = left * values[order - 2];
#pragma GCC unroll 16
    for (int j = order - 2; j > 0; --j) {
      values[j] = (right + j * scale) * values[j] + (left + (order - 1 - j) * scale) * values[j - 1];
    }
    values[0] = right * values[0];
  }
}

/// to[lane][j] = values[order - 1 - j][lane], and zeros up to the pitch.
template <int order>
void store_points(const Pack* values, double* to, Index pitch) {
#pragma GCC unroll 8
  for (int j = 0; j < order; j += lanes) {
    Pack square[lanes] = {};
    for (int k = 0; k < lanes && j + k < order; ++k) square[k] = values[order - 1 - j - k];
    transpose(square);
    for (int lane = 0; lane < lanes; ++lane) store(to + lane * pitch + j, square[lane]);
  }
}

}  // namespace

SplineReader::SplineReader(Index points)
    : start_(static_cast<std::size_t>(points)), weights_(static_cast<std::size_t>(largest_order * (points + lanes))) {}

int SplineReader::order_for(double spread) {
  for (const int order : {8, 12}) {
    if (error_bound(spread, order) <= accuracy) return order;
  }
  return largest_order;
}

double SplineReader::log_transform(double k) { return k == 0.0 ? 0.0 : std::log(std::sin(0.5 * k) / (0.5 * k)); }

void SplineReader::place(const std::vector<double>& positions, int order) {
  order_ = order;
  count_ = positions.size();
  with_order([&]<int chosen>() { place_as<chosen>(positions); });
}

void SplineReader::silence(Index i) { std::fill_n(weights_.begin() + pitch(order_) * i, order_, 0.0); }

template <int order>
void SplineReader::place_as(const std::vector<double>& positions) {
  for (std::size_t i = 0; i < count_; i += lanes) {
    Pack t{};
    for (int lane = 0; lane < lanes; ++lane) {
      const std::size_t at = std::min(i + static_cast<std::size_t>(lane), count_ - 1);
      const double below = std::floor(positions[at]);
      t[lane] = positions[at] - below;
      start_[at] = static_cast<Index>(below) - order / 2 + 1;
    }
    Pack values[order];
    spline_values<order>(t, values);
    store_points<order>(values, weights_.data() + static_cast<Index>(i) * pitch(order), pitch(order));
  }
}

}  // namespace wpg
