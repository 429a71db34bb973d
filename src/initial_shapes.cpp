#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/initial.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// The part of [a, b] that lies in [lower, upper].
double overlap(double a, double b, double lower, double upper) {
  return std::max(0.0, std::min(b, upper) - std::max(a, lower));
}

class Ball {
 public:
  Ball(const Grid& grid, const Point& center, double radius) : grid_(grid), center_(center), radius_(radius) {}

  /// The fraction of a cell that lies inside.
  double fraction(Index cell) const {
    const Point middle = grid_.center(cell);
    double nearest = 0.0;
    double farthest = 0.0;
    for (int k = 0; k < grid_.dimension(); ++k) {
      const double half = 0.5 * grid_.axis(k).spacing();
      const double distance = std::abs(middle[k] - center_[k]);
      nearest += std::pow(std::max(0.0, distance - half), 2);
      farthest += std::pow(distance + half, 2);
    }
    if (farthest <= radius_ * radius_) return 1.0;
    return nearest < radius_ * radius_ ? sliced(middle, grid_.dimension() - 1, radius_ * radius_) : 0.0;
  }

 private:
  /// The fraction within the square of a radius, of axes 0 to k.
  double sliced(const Point& middle, int k, double squared) const {
    const double h = grid_.axis(k).spacing();
    const double begin = middle[k] - center_[k] - 0.5 * h;
    if (k == 0) {
      const double half = std::sqrt(squared);
      return overlap(begin, begin + h, -half, half) / h;
    }
    constexpr int slices = 32;
    double sum = 0.0;
    for (int s = 0; s < slices; ++s) {
      const double offset = begin + (s + 0.5) / slices * h;
      const double rest = squared - offset * offset;
      if (rest > 0.0) sum += sliced(middle, k - 1, rest);
    }
    return sum / slices;
  }

  const Grid& grid_;
  const Point& center_;
  double radius_;
};

}  // namespace

Field box_density(const Grid& grid, const Point& lower, const Point& upper) {
  Field rho(grid, Values::Ones(grid.size()));
  for (int k = 0; k < grid.dimension(); ++k) {
    if (!(lower[k] < upper[k])) throw InvalidValue("upper", written(upper), "above lower = " + written(lower));
    const Axis& axis = grid.axis(k);
    Values share(axis.cells);
    for (Index i = 0; i < axis.cells; ++i) {
      share[i] = overlap(axis.face(i), axis.face(i + 1), lower[k], upper[k]) / (axis.spacing() * (upper[k] - lower[k]));
    }
    parallel_blocks(grid.size(), [&](Index begin, Index end) {
      for (Index cell = begin; cell < end; ++cell) rho.values[cell] *= share[(cell / grid.stride(k)) % axis.cells];
    });
  }
  return rho;
}

Field disc_density(const Grid& grid, const Point& center, double radius) {
  require_positive("radius", radius);
  const std::array<double, 3> unit_volume = {2.0, std::numbers::pi, 4.0 / 3.0 * std::numbers::pi};
  const double volume =
      unit_volume[static_cast<std::size_t>(grid.dimension() - 1)] * std::pow(radius, grid.dimension());
  const Ball ball(grid, center, radius);
  Field rho(grid);
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index cell = begin; cell < end; ++cell) rho.values[cell] = ball.fraction(cell) / volume;
  });
  return rho;
}

}  // namespace wpg
