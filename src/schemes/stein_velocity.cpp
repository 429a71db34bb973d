#include "wpg/schemes/stein_velocity.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Kernels k, d_1 k, .. d_d k; inputs rho, rho d_1 V, .. rho d_d V; output i is -d_i k * rho - k * (rho d_i V).
Convolution make_convolution(const Grid& grid, const RadialKernel& kernel) {
  const auto d = static_cast<std::size_t>(grid.dimension());
  const auto minus = [](OffsetKernel k) { return [k = std::move(k)](const Point& x) { return -k(x); }; };
  std::vector<OffsetKernel> kernels{minus(kernel.offsets())};
  std::vector<std::vector<int>> uses(d, std::vector<int>(d + 1, -1));
  for (std::size_t i = 0; i < d; ++i) {
    kernels.push_back(minus(kernel.derivative(static_cast<int>(i))));
    uses[i][0] = static_cast<int>(i + 1);
    uses[i][i + 1] = 0;
  }
  return {grid, kernels, uses};
}

}  // namespace

SteinVelocity::SteinVelocity(const Grid& grid, const Potential& potential, const RadialKernel& kernel)
    : gradient_(static_cast<std::size_t>(grid.dimension()), Values(grid.size())),
      product_(grid.size()),
      convolution_(make_convolution(grid, kernel)) {
  parallel_for(grid.size(), [&](Index cell) {
    const Point g = potential.gradient(grid.center(cell));
    for (Index k = 0; k < g.size(); ++k) gradient_[static_cast<std::size_t>(k)][cell] = g[k];
  });
  for (const Values& component : gradient_) {
    if (!component.isFinite().all()) throw InvalidValue("V", "not smooth", "of finite gradient at every cell centre");
  }
}

void SteinVelocity::evaluate(const Field& rho, std::vector<Values>& components) {
  convolution_.load(0, rho.values);
  for (std::size_t k = 0; k < gradient_.size(); ++k) {
    parallel_blocks(product_.size(), [&](Index begin, Index end) {
      const Index n = end - begin;
      product_.segment(begin, n) = rho.values.segment(begin, n) * gradient_[k].segment(begin, n);
    });
    convolution_.load(k + 1, product_);
  }
  for (std::size_t k = 0; k < components.size(); ++k) convolution_.compute(k, components[k]);
}

std::size_t SteinVelocity::memory() const {
  return convolution_.memory() + (gradient_.size() + 1) * static_cast<std::size_t>(product_.size()) * sizeof(double);
}

double median_distance(const Field& rho) {
  constexpr int count = 1000;
  const double share = integral(rho) / (count * rho.grid.cell_volume());
  std::vector<Point> points;
  double passed = 0.0;
  for (Index cell = 0; cell < rho.values.size(); ++cell) {
    passed += rho.values[cell];
    while (points.size() < count && passed >= (static_cast<double>(points.size()) + 0.5) * share) {
      points.push_back(rho.grid.center(cell));
    }
  }
  std::vector<double> squares;
  squares.reserve(points.size() * points.size() / 2);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) squares.push_back((points[i] - points[j]).squaredNorm());
  }
  const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
  std::nth_element(squares.begin(), middle, squares.end());
  return std::sqrt(*middle);
}

}  // namespace wpg
