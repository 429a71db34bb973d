#include "wpg/transport/stretch.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "small_matrix.hpp"
#include "wpg/parallel.hpp"

namespace wpg::transport {
namespace {

/// Of the symmetric part.
double smallest_eigenvalue(const Tensor& j) {
  if (!j.allFinite()) return std::numeric_limits<double>::quiet_NaN();
  return eigenvalue_range(0.5 * (j + j.transpose())).smallest;
}

/// The smaller of two numbers, NaN if one is.
double smaller(double a, double b) { return a < b || !(a == a) ? a : b; }

/// Point number `index` of the lattice of cell corners.
Point corner(const Grid& grid, Index index) {
  Point x(grid.dimension());
  for (int k = 0; k < grid.dimension(); ++k) {
    x[k] = grid.axis(k).face(index % (grid.axis(k).cells + 1));
    index /= grid.axis(k).cells + 1;
  }
  return x;
}

/// min over [0, count) of value(index), over fixed blocks on all threads.
template <class Value>
double minimum(Index count, Value&& value) {
  constexpr Index block = 1024;
  std::vector<double> partial(static_cast<std::size_t>((count + block - 1) / block));
  parallel_for(static_cast<Index>(partial.size()), [&](Index b) {
    double least = std::numeric_limits<double>::infinity();
    for (Index i = b * block; i < std::min(count, (b + 1) * block); ++i) least = smaller(least, value(i));
    partial[static_cast<std::size_t>(b)] = least;
  });
  double least = std::numeric_limits<double>::infinity();
  for (double p : partial) least = smaller(least, p);
  return least;
}

}  // namespace

double smallest_stretch(const Grid& grid, const GradientMap& map) {
  Index corners = 1;
  for (const Axis& axis : grid.axes()) corners *= axis.cells + 1;
  const auto at = [&](const Point& x) { return smallest_eigenvalue(map.jacobian(x)); };
  return smaller(minimum(grid.size(), [&](Index i) { return at(grid.center(i)); }),
                 minimum(corners, [&](Index i) { return at(corner(grid, i)); }));
}

}  // namespace wpg::transport
