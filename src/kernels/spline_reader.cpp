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

/// to[lane][j] = values[order - 1 - j][lane], each twice.
template <int order>
void store_twice(const Pack* values, double* to) {
  if constexpr (order % lanes == 0) {
    for (int j = 0; j < order; j += lanes) {
      Pack square[lanes];
      for (int k = 0; k < lanes; ++k) square[k] = values[order - 1 - j - k];
      transpose(square);
      for (int lane = 0; lane < lanes; ++lane) {
        double* const row = to + 2 * (static_cast<Index>(lane) * order + j);
        Pack low, high;
        interleave(square[lane], square[lane], low, high);
        store(row, low);
        store(row + lanes, high);
      }
    }
  } else {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int j = 0; j < order; ++j, to += 2) to[0] = to[1] = values[order - 1 - j][lane];
    }
  }
}

}  // namespace

SplineReader::SplineReader(Index points)
    : start_(static_cast<std::size_t>(points)),
      weights_(static_cast<std::size_t>(Index{2} * largest_order * (points + lanes))) {}

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
  if (order == 8) return place_as<8>(positions);
  order == 12 ? place_as<12>(positions) : place_as<16>(positions);
}

void SplineReader::silence(Index i) { std::fill_n(weights_.begin() + Index{2} * order_ * i, Index{2} * order_, 0.0); }

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
    store_twice<order>(values, weights_.data() + i * 2 * order);
  }
}

}  // namespace wpg
