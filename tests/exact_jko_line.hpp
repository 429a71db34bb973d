#pragma once
#include <cmath>
#include <vector>

#include "wpg/field.hpp"

namespace wpg::test {

/// The exact JKO step of the entropy of a Gaussian N(mean, variance) cut by the box of one axis with walls, at the
/// axis's cell centres: an oracle without kernel, coupling or epsilon.
///
/// The optimal map S from nu to the result minimises the integral of nu (-log S' + (S - y)^2 / (2 gamma)) with S fixed
/// at both walls. Piecewise linear on a fine grid of y this is strictly convex with a tridiagonal Hessian; Newton's
/// method solves it, and one Richardson extrapolation takes it from second to fourth order. Good to about 1e-10.
class ExactJkoLine {
 public:
  ExactJkoLine(double mean, double variance, double gamma) : mean_(mean), variance_(variance), gamma_(gamma) {}

  /// Density of mass one on the box.
  Values density(const Axis& axis) const {
    const Values coarse = log_density(axis, 4096);
    const Values fine = log_density(axis, 8192);
    return (fine + (fine - coarse) / 3.0).exp();
  }

 private:
  /// nu's mass between two points relative to the whole line's, without cancellation in either tail.
  double mass(double a, double b) const {
    const double scale = std::sqrt(2.0 * variance_);
    const double s = (a - mean_) / scale;
    const double t = (b - mean_) / scale;
    return 0.5 * (s > 0.0 ? std::erfc(s) - std::erfc(t) : std::erfc(-t) - std::erfc(-s));
  }

  Values log_density(const Axis& axis, Index n) const {
    const double h = (axis.upper - axis.lower) / static_cast<double>(n);
    Values y(n + 1), m(n);
    for (Index i = 0; i <= n; ++i) y[i] = axis.lower + static_cast<double>(i) * h;
    for (Index i = 0; i < n; ++i) m[i] = mass(y[i], y[i + 1]);
    m /= mass(axis.lower, axis.upper);
    const Values map = solve(y, m);
    // Between neighbours of the map the density is m / (S_{i+1} - S_i), at the middle to second order.
    const Values width = map.tail(n) - map.head(n);
    const Values middle = 0.5 * (map.tail(n) + map.head(n));
    return interpolated(middle, (m / width).log(), axis);
  }

  /// Newton's method, damped so that S stays increasing, on rows scaled by the mass around each node.
  Values solve(const Values& y, const Values& m) const {
    const Index n = m.size();
    Values map = y;
    for (int iteration = 0; iteration < 200; ++iteration) {
      const Values width = map.tail(n) - map.head(n);
      std::vector<double> up(static_cast<std::size_t>(n)), step(static_cast<std::size_t>(n));
      for (Index i = 1; i < n; ++i) {
        const double node = 0.5 * (m[i - 1] + m[i]);
        const double left = m[i - 1] / node / (width[i - 1] * width[i - 1]);
        const double right = m[i] / node / (width[i] * width[i]);
        const double force = -m[i - 1] / node / width[i - 1] + m[i] / node / width[i] + (map[i] - y[i]) / gamma_;
        const auto k = static_cast<std::size_t>(i);
        const double pivot = left + right + 1.0 / gamma_ - (i > 1 ? left * up[k - 1] : 0.0);
        up[k] = right / pivot;
        step[k] = (-force + (i > 1 ? left * step[k - 1] : 0.0)) / pivot;
      }
      for (Index i = n - 2; i >= 1; --i) {
        step[static_cast<std::size_t>(i)] += up[static_cast<std::size_t>(i)] * step[static_cast<std::size_t>(i + 1)];
      }
      double length = 1.0;
      double largest = 0.0;
      for (Index i = 0; i < n; ++i) {
        const double change = (i + 1 < n ? step[static_cast<std::size_t>(i + 1)] : 0.0) -
                              (i > 0 ? step[static_cast<std::size_t>(i)] : 0.0);
        largest = std::max(largest, std::abs(change) / width[i]);
        if (change < 0.0) length = std::min(length, -0.8 * width[i] / change);
      }
      for (Index i = 1; i < n; ++i) map[i] += length * step[static_cast<std::size_t>(i)];
      if (largest < 1e-11) break;
    }
    return map;
  }

  /// Cubic interpolation of values at increasing points to the cell centres.
  static Values interpolated(const Values& at, const Values& value, const Axis& axis) {
    Values out(axis.cells);
    Index begin = 0;
    for (Index cell = 0; cell < axis.cells; ++cell) {
      const double x = axis.center(cell);
      while (begin + 4 < at.size() && at[begin + 2] < x) ++begin;
      out[cell] = 0.0;
      for (Index k = begin; k < begin + 4; ++k) {
        double weight = 1.0;
        for (Index l = begin; l < begin + 4; ++l) {
          if (l != k) weight *= (x - at[l]) / (at[k] - at[l]);
        }
        out[cell] += weight * value[k];
      }
    }
    return out;
  }

  double mean_, variance_, gamma_;
};

}  // namespace wpg::test
