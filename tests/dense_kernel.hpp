#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "wpg/kernel.hpp"

namespace wpg::test {

/// The oracle: every axis as a dense sum over all cells and all images of the box, by log-sum-exp in extended
/// precision. Written from the definition of the kernel alone; right at any dynamic range; for small grids.
class DenseKernel final : public GibbsKernel, public LinearKernel {
 public:
  DenseKernel(const Grid& grid, double epsilon) : grid_(grid) {
    for (const Axis& axis : grid.axes()) log_weights_.push_back(log_weights(axis, epsilon));
  }

  void apply_log(const Values& in, Values& out) const override {
    std::vector<Real> f(in.data(), in.data() + in.size());
    for (int axis = 0; axis < grid_.dimension(); ++axis) {
      sweep(axis, f, [](const Real* w, const std::vector<Real>& line) {
        Real top = -infinity;
        for (std::size_t j = 0; j < line.size(); ++j) top = std::max(top, w[j] + line[j]);
        if (top == -infinity) return top;
        Real sum = 0;
        for (std::size_t j = 0; j < line.size(); ++j) sum += std::exp(w[j] + line[j] - top);
        return top + std::log(sum);
      });
    }
    store(f, out);
  }

  void apply(const Values& in, Values& out) const override {
    std::vector<Real> f(in.data(), in.data() + in.size());
    for (int axis = 0; axis < grid_.dimension(); ++axis) {
      sweep(axis, f, [](const Real* w, const std::vector<Real>& line) {
        Real sum = 0;
        for (std::size_t j = 0; j < line.size(); ++j) sum += std::exp(w[j]) * line[j];
        return sum;
      });
    }
    store(f, out);
  }

  std::string_view name() const override { return "dense"; }

  /// Entry (i, j) of the matrix of one axis.
  double entry(int axis, Index i, Index j) const {
    return static_cast<double>(std::exp(
        log_weights_[static_cast<std::size_t>(axis)][static_cast<std::size_t>(i * grid_.axis(axis).cells + j)]));
  }

 private:
  using Real = long double;
  static constexpr Real infinity = std::numeric_limits<Real>::infinity();

  static std::vector<Real> log_weights(const Axis& axis, double epsilon) {
    const Index n = axis.cells;
    const Real h = (static_cast<Real>(axis.upper) - axis.lower) / n;
    const auto gauss = [&](Index k) { return -static_cast<Real>(k) * k * h * h / (2 * static_cast<Real>(epsilon)); };
    Real normalization = 0;
    for (Index k = 1; k == 1 || gauss(k) > -50; ++k) normalization += 2 * std::exp(gauss(k));
    normalization = std::log1p(normalization);
    std::vector<Real> w;
    std::vector<Index> distances;
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < n; ++j) {
        image_distances(axis, i, j, static_cast<Index>(std::sqrt(2 * 60 * static_cast<Real>(epsilon)) / h), distances);
        const Real top = gauss(distances.front());
        Real sum = 0;
        for (const Index k : distances) sum += std::exp(gauss(k) - top);
        w.push_back(top + std::log(sum) - normalization);
      }
    }
    return w;
  }

  /// Distances in cells from cell i to the copies of cell j, the nearest first; those that add less than e^-60 of the
  /// whole, at squares above reach^2 beyond the nearest, are left out.
  static void image_distances(const Axis& axis, Index i, Index j, Index reach, std::vector<Index>& distances) {
    const Index n = axis.cells;
    distances.assign(1, i - j);
    if (axis.boundary == Boundary::free) return;
    const Index period = axis.boundary == Boundary::reflecting ? 2 * n : n;
    for (Index image = -reach / period - 1; image <= reach / period + 1; ++image) {
      if (image != 0) distances.push_back(i - j + image * period);
      if (axis.boundary == Boundary::reflecting) distances.push_back(i + j + 1 + image * period);
    }
    std::sort(distances.begin(), distances.end(), [](Index a, Index b) { return std::abs(a) < std::abs(b); });
    const auto far = [&](Index k) { return k * k > distances.front() * distances.front() + reach * reach + 1; };
    distances.erase(std::find_if(distances.begin() + 1, distances.end(), far), distances.end());
  }

  template <class Combine>
  void sweep(int axis, std::vector<Real>& f, Combine&& combine) const {
    const Lines all = lines(grid_, axis);
    std::vector<Real> line(static_cast<std::size_t>(all.length));
    const std::vector<Real>& w = log_weights_[static_cast<std::size_t>(axis)];
    for (Index k = 0; k < all.count; ++k) {
      Real* const cells = f.data() + all.first(k);
      for (Index j = 0; j < all.length; ++j) line[static_cast<std::size_t>(j)] = cells[j * all.stride];
      for (Index i = 0; i < all.length; ++i) cells[i * all.stride] = combine(w.data() + i * all.length, line);
    }
  }

  static void store(const std::vector<Real>& f, Values& out) {
    out.resize(static_cast<Index>(f.size()));
    for (std::size_t k = 0; k < f.size(); ++k) out[static_cast<Index>(k)] = static_cast<double>(f[k]);
  }

  Grid grid_;
  std::vector<std::vector<Real>> log_weights_;
};

}  // namespace wpg::test
