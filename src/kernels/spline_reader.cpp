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
  values[0] = broadcast(1.0);
  for (int q = 2; q <= order; ++q) {
    const double scale = 1.0 / (q - 1);
    values[q - 1] = (1.0 - t) * scale * values[q - 2];
    for (int j = q - 2; j > 0; --j) {
      values[j] = ((t + static_cast<double>(j)) * values[j] + (static_cast<double>(q - j) - t) * values[j - 1]) * scale;
    }
    values[0] = t * scale * values[0];
  }
}

}  // namespace

SplineReader::SplineReader(Index points)
    : start_(static_cast<std::size_t>(points)),
      weights_(static_cast<std::size_t>(2 * largest_order * (points + lanes))) {}

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

void SplineReader::silence(Index i) { std::fill_n(weights_.begin() + 2 * order_ * i, 2 * order_, 0.0); }

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
    for (int lane = 0; lane < lanes; ++lane) {
      double* const to = weights_.data() + (i + static_cast<std::size_t>(lane)) * 2 * order;
      for (int j = 0; j < order; ++j) to[2 * j] = to[2 * j + 1] = values[order - 1 - j][lane];
    }
  }
}

}  // namespace wpg
