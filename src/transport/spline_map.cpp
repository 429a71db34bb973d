#include "wpg/transport/spline_map.hpp"

#include <algorithm>
#include <cmath>

#include "transport/spline_line.hpp"
#include "wpg/parallel.hpp"

namespace wpg::transport {
namespace {

/// Fewest lines that are worth more than one thread.
constexpr Index fewest_lines = 64;

}  // namespace

SplineMap::SplineMap(const Grid& grid, Ends ends) : grid_(grid), ends_(ends) {
  for (int k = 0; k < grid.dimension(); ++k) {
    strides_[k] = padded_size_;
    padded_size_ *= grid.axis(k).cells + 2 * ghosts;
  }
  coefficients_.assign(static_cast<std::size_t>(grid.dimension()), Values::Zero(padded_size_));
}

void SplineMap::set(const std::vector<Values>& velocity) {
  const Index n = grid_.axis(0).cells;
  const Index ny = grid_.dimension() > 1 ? grid_.axis(1).cells : 1;
  for (std::size_t c = 0; c < velocity.size(); ++c) {
    Values& to = coefficients_[c];
    parallel_for(
        grid_.size() / n,
        [&](Index row) {
          Index first = ghosts;
          if (grid_.dimension() > 1) first += (row % ny + ghosts) * strides_[1];
          if (grid_.dimension() > 2) first += (row / ny + ghosts) * strides_[2];
          to.segment(first, n) = velocity[c].segment(row * n, n);
        },
        fewest_lines);
    for (int k = 0; k < grid_.dimension(); ++k) filter(k, static_cast<int>(c) == k, to);
  }
}

/// Lines of earlier axes' ghosts are filtered too, those of later axes are still empty.
void SplineMap::filter(int axis, bool odd, Values& coefficients) const {
  const Index length = grid_.axis(axis).cells + 2 * ghosts;
  const Index count = padded_size_ / length;
  const Index stride = strides_[axis];
  parallel_for(
      count,
      [&](Index line) {
        filter_line(axis, odd, coefficients.data() + line % stride + (line / stride) * stride * length);
      },
      fewest_lines);
}

void SplineMap::filter_line(int axis, bool odd, double* line) const {
  const Index n = grid_.axis(axis).cells;
  const Index stride = strides_[axis];
  double* const c = line + ghosts * stride;
  if (grid_.axis(axis).boundary == Boundary::periodic) {
    solve_periodic(c, n, stride);
    for (Index g = 1; g <= ghosts; ++g) {
      c[-g * stride] = c[(n - g) * stride];
      c[(n - 1 + g) * stride] = c[(g - 1) * stride];
    }
    return;
  }
  if (ends_ == Ends::extrapolated) {
    solve_extrapolated(c, n, stride);
    extrapolate(c, stride);
    extrapolate(c + (n - 1) * stride, -stride);
    return;
  }
  const double sign = odd ? -1.0 : 1.0;
  solve_mirrored(c, n, stride, sign);
  for (Index g = 1; g <= ghosts; ++g) {
    c[-g * stride] = sign * c[(g - 1) * stride];
    c[(n - 1 + g) * stride] = sign * c[(n - g) * stride];
  }
}

SplineMap::Basis SplineMap::basis(int axis, double x) const {
  const Axis& along = grid_.axis(axis);
  const double inverse = 1.0 / along.spacing();
  const double t = (x - along.lower) * inverse - 0.5;
  const double cell = std::min(static_cast<double>(along.cells - 1), std::max(-1.0, std::floor(t)));
  const double u = t - cell;
  const double w = 1.0 - u;
  Basis b;
  b.first = (static_cast<Index>(cell) - 1 + ghosts) * strides_[axis];
  b.value[0] = w * w * w / 6.0;
  b.value[1] = (4.0 - 3.0 * u * u * (2.0 - u)) / 6.0;
  b.value[2] = (4.0 - 3.0 * w * w * (2.0 - w)) / 6.0;
  b.value[3] = u * u * u / 6.0;
  b.slope[0] = -0.5 * w * w * inverse;
  b.slope[1] = (1.5 * u - 2.0) * u * inverse;
  b.slope[2] = -(1.5 * w - 2.0) * w * inverse;
  b.slope[3] = 0.5 * u * u * inverse;
  return b;
}

double SplineMap::sum(const Values& coefficients, const Basis* bases, int derived) const {
  const int d = grid_.dimension();
  const double* const x = derived == 0 ? bases[0].slope : bases[0].value;
  const double* const y = derived == 1 ? bases[1].slope : bases[1].value;
  const double* const z = derived == 2 ? bases[2].slope : bases[2].value;
  double total = 0.0;
  for (int k = 0; k < (d > 2 ? 4 : 1); ++k) {
    double plane = 0.0;
    for (int j = 0; j < (d > 1 ? 4 : 1); ++j) {
      const double* const c =
          coefficients.data() + bases[0].first + bases[1].first + bases[2].first + j * strides_[1] + k * strides_[2];
      plane += y[j] * (x[0] * c[0] + x[1] * c[1] + x[2] * c[2] + x[3] * c[3]);
    }
    total += z[k] * plane;
  }
  return total;
}

Point SplineMap::value(const Point& x) const {
  Basis bases[3];
  for (int k = 0; k < grid_.dimension(); ++k) bases[k] = basis(k, x[k]);
  Point y = x;
  for (Index c = 0; c < x.size(); ++c) y[c] += step_ * sum(coefficients_[static_cast<std::size_t>(c)], bases, -1);
  return y;
}

Tensor SplineMap::jacobian(const Point& x) const {
  Basis bases[3];
  for (int k = 0; k < grid_.dimension(); ++k) bases[k] = basis(k, x[k]);
  Tensor j = Tensor::Identity(x.size(), x.size());
  for (Index c = 0; c < x.size(); ++c) {
    for (int k = 0; k < grid_.dimension(); ++k) {
      j(c, k) += step_ * sum(coefficients_[static_cast<std::size_t>(c)], bases, k);
    }
  }
  return j;
}

std::size_t SplineMap::memory() const {
  return coefficients_.size() * static_cast<std::size_t>(padded_size_) * sizeof(double);
}

}  // namespace wpg::transport
