#pragma once
#include <algorithm>
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
    const Values width = widths(y, m);
    // Between neighbours of the map the density is m / (S_{i+1} - S_i), at the middle to second order. Against a wall
    // the map may press many nodes into one point; one of them will do.
    std::vector<double> middle, value;
    double left = axis.lower;
    for (Index i = 0; i < n; ++i) {
      const double at = left + 0.5 * width[i];
      left += width[i];
      if (!middle.empty() && at < middle.back() + 1e-9) continue;
      middle.push_back(at);
      value.push_back(std::log(m[i] / width[i]));
    }
    return interpolated(middle, value, axis);
  }

  /// The distances S_{i+1} - S_i, which may be small without being inaccurate, by Newton's method, damped so that they
  /// stay positive, on rows scaled by the mass around each node.
  Values widths(const Values& y, const Values& m) const {
    const Index n = m.size();
    Values width = y.tail(n) - y.head(n);
    Values up = Values::Zero(n + 1);
    Values step = Values::Zero(n + 1);
    for (int iteration = 0; iteration < 200; ++iteration) {
      double at = y[0];
      for (Index i = 1; i < n; ++i) {
        at += width[i - 1];
        const double node = 0.5 * (m[i - 1] + m[i]);
        const double before = m[i - 1] / node / width[i - 1];
        const double after = m[i] / node / width[i];
        const double lower = before / width[i - 1];
        const double upper = after / width[i];
        const double pivot = lower * (1.0 - up[i - 1]) + upper + 1.0 / gamma_;
        up[i] = upper / pivot;
        step[i] = (before - after - (at - y[i]) / gamma_ + lower * step[i - 1]) / pivot;
      }
      for (Index i = n - 1; i >= 1; --i) step[i] += up[i] * step[i + 1];
      const Values change = (step.tail(n) - step.head(n)) / width;
      width *= 1.0 + std::min(1.0, -0.8 / std::min(change.minCoeff(), -1e-9)) * change;
      if ((m * change.abs()).sum() < 1e-12) break;
    }
    return width;
  }

  /// Cubic interpolation of values at increasing points to the cell centres.
  static Values interpolated(const std::vector<double>& at, const std::vector<double>& value, const Axis& axis) {
    Values out = Values::Zero(axis.cells);
    std::size_t begin = 0;
    for (Index cell = 0; cell < axis.cells; ++cell) {
      const double x = axis.center(cell);
      while (begin + 4 < at.size() && at[begin + 2] < x) ++begin;
      for (std::size_t k = begin; k < begin + 4; ++k) {
        double weight = 1.0;
        for (std::size_t l = begin; l < begin + 4; ++l) {
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
