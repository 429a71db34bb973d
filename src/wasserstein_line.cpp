#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/transport/reconstruction.hpp"
#include "wpg/wasserstein.hpp"

namespace wpg {
namespace {

using Coefficients = std::array<double, 5>;
using Walk = LineDistribution::Walk;

/// Densities below are taken for zero: subnormal numbers are slow.
constexpr double smallest_density = 1e-290;

Walk reversed(const Walk& walk) {
  Walk back = walk;
  std::reverse(back.mass.begin(), back.mass.end());
  std::reverse(back.bernstein.begin(), back.bernstein.end());
  for (Coefficients& b : back.bernstein) std::reverse(b.begin(), b.end());
  const std::size_t n = walk.mass.size();
  for (std::size_t i = 0; i < n; ++i) back.face[i] = -(walk.face[n - 1 - i] + walk.spacing);
  return back;
}

/// Cell averages of a line of centre values, and the quartics of transport/reconstruction.hpp, as one walk.
Walk reconstructed(const Axis& axis, const Values& rho) {
  const transport::Tile tile{axis.cells, 1, false};
  const auto padded = static_cast<std::size_t>(tile.padded());
  std::vector<double> storage(9 * padded, 0.0);
  const auto array = [&](std::size_t k) { return storage.data() + k * padded + transport::Tile::ghosts; };
  double* const centers = array(0);
  double* const averages = array(1);
  for (Index i = 0; i < axis.cells; ++i) centers[i] = rho[i] > smallest_density ? rho[i] : 0.0;
  transport::fill_ghosts(tile, centers);
  transport::convert(tile, transport::Conversion::to_averages, centers, array(2), averages);
  transport::fill_ghosts(tile, averages);
  const transport::Reconstruction quartics{{array(3), array(4), array(5), array(6)}, array(7), array(8), array(2)};
  transport::reconstruct(tile, averages, quartics);
  const double total = std::accumulate(averages, averages + axis.cells, 0.0);
  Walk walk;
  walk.spacing = axis.spacing();
  for (Index i = 0; i < axis.cells; ++i) {
    const double average = averages[i];
    walk.face.push_back(axis.face(i));
    walk.mass.push_back(average / total);
    Coefficients b{};
    double before = 0.0;
    for (std::size_t k = 0; k < 5; ++k) {
      const double sum = k < 4 ? quartics.sums[k][i] : 5.0 * average;
      b[k] = average > 0.0 ? std::max(0.0, sum - before) / average : 0.0;
      before = sum;
    }
    walk.bernstein.push_back(b);
  }
  return walk;
}

}  // namespace

LineDistribution::LineDistribution(const Field& rho) {
  const Grid& grid = rho.grid;
  if (grid.dimension() != 1 || grid.axis(0).boundary == Boundary::periodic) {
    throw InvalidValue("grid", grid.dimension() == 1 ? "periodic" : "of several dimensions", "a line with two ends");
  }
  const double sum = rho.values.sum();
  if (!(rho.values >= 0.0).all() || !(sum > 0.0) || !std::isfinite(sum)) {
    throw InvalidValue("rho", "a density with the sum " + written(sum), "nonnegative, with a positive finite mass");
  }
  from_below_ = reconstructed(grid.axis(0), rho.values);
  from_above_ = reversed(from_below_);
}

}  // namespace wpg
