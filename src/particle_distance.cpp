#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "wpg/diagnostics/particles.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

using Quartic = std::array<double, 5>;

/// The density of a cell over its average at t in [0, 1], and its share of mass in [0, t].
struct Local {
  double density, share;
};

Local at(const Quartic& b, double t) {
  const double u = 1.0 - t;
  const double tt = t * t;
  const double uu = u * u;
  const double density =
      uu * uu * b[0] + 4.0 * uu * u * t * b[1] + 6.0 * uu * tt * b[2] + 4.0 * u * tt * t * b[3] + tt * tt * b[4];
  std::array<double, 5> sums{};
  double sum = 0.0;
  for (std::size_t k = 0; k < b.size(); ++k) sums[k] = sum += 0.2 * b[k];
  const double share = t * (5.0 * uu * uu * sums[0] + 10.0 * t * uu * u * sums[1] + 10.0 * tt * uu * sums[2] +
                            5.0 * tt * t * u * sums[3] + tt * tt * sums[4]);
  return {density, share};
}

/// t in [low, 1] where the share is `share`: Newton's method, bisecting where it leaves the bracket.
double place_of(const Quartic& b, double share, double low) {
  double high = 1.0;
  double t = std::clamp(share, low, high);
  for (int iteration = 0; iteration < 60; ++iteration) {
    const Local here = at(b, t);
    const double residual = here.share - share;
    (residual > 0.0 ? high : low) = t;
    double next = here.density > 0.0 ? t - residual / here.density : high;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    if (std::abs(next - t) <= 1e-15) return next;
    t = next;
  }
  return t;
}

/// The integral over [from, to] of the density over its average times |coordinate - point|^2, by the Gauss-Legendre
/// rule of four points, which is exact here: the degree is six.
double cost(const Quartic& b, double from, double to, double start, double spacing, double point) {
  constexpr std::array<double, 4> node = {-0.8611363115940526, -0.3399810435848563, 0.3399810435848563,
                                          0.8611363115940526};
  constexpr std::array<double, 4> weight = {0.3478548451374538, 0.6521451548625461, 0.6521451548625461,
                                            0.3478548451374538};
  const double half = 0.5 * (to - from);
  double sum = 0.0;
  for (std::size_t k = 0; k < node.size(); ++k) {
    const double t = from + half * (1.0 + node[k]);
    const double distance = start + t * spacing - point;
    sum += weight[k] * at(b, t).density * distance * distance;
  }
  return half * sum;
}

/// Where matching stands: a place in a cell, and the share of the cell's mass before it.
struct Matching {
  const LineDistribution::Walk& walk;
  std::size_t cell = 0;
  double t = 0.0;
  double used = 0.0;

  /// Cost of matching the next `mass` to a point.
  double match(double mass, double point) {
    double sum = 0.0;
    while (mass > 0.0 && cell < walk.mass.size()) {
      const double whole = walk.mass[cell];
      const bool ends = !((1.0 - used) * whole > mass);
      const Quartic& b = walk.bernstein[cell];
      const double share = ends ? 1.0 : used + mass / whole;
      const double to = ends ? 1.0 : place_of(b, share, t);
      if (whole > 0.0) sum += whole * cost(b, t, to, walk.face[cell], walk.spacing, point);
      mass = ends ? mass - (1.0 - used) * whole : 0.0;
      used = ends ? 0.0 : share;
      t = ends ? 0.0 : to;
      cell += ends ? 1 : 0;
    }
    return sum;
  }
};

Field marginal(const Field& rho, int axis) {
  const Grid& grid = rho.grid;
  const Lines all = lines(grid, axis);
  Field sums{Grid({grid.axis(axis)})};
  for (Index line = 0; line < all.count; ++line) {
    const Index first = all.first(line);
    for (Index i = 0; i < all.length; ++i) sums.values[i] += rho.values[first + i * all.stride];
  }
  return sums;
}

}  // namespace

double w2_squared(const LineDistribution& law, std::span<const double> sorted) {
  if (sorted.empty()) throw InvalidValue("points", "none", "at least one point");
  Matching matching{law.from_below()};
  const double share = 1.0 / static_cast<double>(sorted.size());
  double sum = 0.0;
  for (const double point : sorted) sum += matching.match(share, point);
  return sum;
}

double marginal_w2_squared(const Particles& points, const Field& rho) {
  std::vector<double> sorted(static_cast<std::size_t>(points.rows()));
  double sum = 0.0;
  for (int axis = 0; axis < rho.grid.dimension(); ++axis) {
    std::copy_n(points.col(axis).data(), points.rows(), sorted.begin());
    std::sort(sorted.begin(), sorted.end());
    sum += w2_squared(LineDistribution(marginal(rho, axis)), sorted);
  }
  return sum;
}

}  // namespace wpg
