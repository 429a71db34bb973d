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

/// Share of a cell's mass in its first part [0, t].
double partial(const Coefficients& b, double t) {
  const double u = 1.0 - t;
  double sum = 0.0;
  std::array<double, 5> sums{};
  for (std::size_t k = 0; k < 5; ++k) sums[k] = sum += b[k] * 0.2;
  const double t2 = t * t;
  const double u2 = u * u;
  return t * (5.0 * u2 * u2 * sums[0] + 10.0 * t * u2 * u * sums[1] + 10.0 * t2 * u2 * sums[2] +
              5.0 * t2 * t * u * sums[3] + t2 * t2 * sums[4]);
}

double quartic(const Coefficients& b, double t) {
  const double u = 1.0 - t;
  const double u2 = u * u;
  const double t2 = t * t;
  return u2 * u2 * b[0] + 4.0 * u2 * u * t * b[1] + 6.0 * u2 * t2 * b[2] + 4.0 * u * t2 * t * b[3] + t2 * t2 * b[4];
}

/// t in [low, 1] with partial(t) = share: Newton's method, bisecting where it leaves the bracket.
double inverse(const Coefficients& b, double share, double low) {
  if (share >= 1.0) return 1.0;
  double high = 1.0;
  double t = std::clamp(share, low, high);
  for (int iteration = 0; iteration < 60; ++iteration) {
    const double residual = partial(b, t) - share;
    (residual > 0.0 ? high : low) = t;
    const double slope = quartic(b, t);
    double next = slope > 0.0 ? t - residual / slope : high;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    if (std::abs(next - t) <= 1e-15) return next;
    t = next;
  }
  return t;
}

/// Where a walk stands: in a cell, some of whose mass is already matched.
class Place {
 public:
  explicit Place(const Walk& walk) : walk_(walk) { skip_empty(); }

  bool ended() const { return cell_ >= walk_.mass.size(); }
  double remaining() const { return walk_.mass[cell_] - used_; }
  double start() const { return t_; }
  /// The point of this cell where `mass` more is matched.
  double ahead(double mass) const { return inverse(coefficients(), (used_ + mass) / walk_.mass[cell_], t_); }
  double coordinate(double t) const { return walk_.face[cell_] + t * walk_.spacing; }
  /// Mass between the place and a later point of the cell.
  double matched(double t) const { return std::max(0.0, walk_.mass[cell_] * partial(coefficients(), t) - used_); }
  double density(double t) const { return walk_.mass[cell_] * quartic(coefficients(), t); }

  void advance(double mass, double t) {
    if (mass < remaining()) {
      used_ += mass;
      t_ = t;
      return;
    }
    ++cell_;
    used_ = t_ = 0.0;
    skip_empty();
  }

 private:
  const Coefficients& coefficients() const { return walk_.bernstein[cell_]; }
  void skip_empty() {
    while (!ended() && !(walk_.mass[cell_] > 0.0)) ++cell_;
  }

  const Walk& walk_;
  std::size_t cell_ = 0;
  double used_ = 0.0;
  double t_ = 0.0;
};

/// Cost of matching the next `mass` of both, within one cell of each, to `end` in a's cell.
double segment_cost(const Place& a, const Place& b, double end) {
  // Gauss-Legendre on [-1, 1], five points.
  constexpr std::array<double, 5> node = {-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831,
                                          0.9061798459386640};
  constexpr std::array<double, 5> weight = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                            0.4786286704993665, 0.2369268850561891};
  const double half = 0.5 * (end - a.start());
  double sum = 0.0;
  for (std::size_t k = 0; k < node.size(); ++k) {
    const double t = a.start() + half * (1.0 + node[k]);
    const double distance = a.coordinate(t) - b.coordinate(b.ahead(a.matched(t)));
    sum += weight[k] * a.density(t) * distance * distance;
  }
  return half * sum;
}

/// The integral over the first half of the mass.
double half_cost(const Walk& from, const Walk& to) {
  Place a(from);
  Place b(to);
  double matched = 0.0;
  double sum = 0.0;
  while (matched < 0.5 && !a.ended() && !b.ended()) {
    const double mass = std::min({a.remaining(), b.remaining(), 0.5 - matched});
    const double end = mass < a.remaining() ? a.ahead(mass) : 1.0;
    sum += segment_cost(a, b, end);
    const double b_end = mass < b.remaining() ? b.ahead(mass) : 1.0;
    a.advance(mass, end);
    b.advance(mass, b_end);
    matched += mass;
  }
  return sum;
}

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
  std::copy_n(rho.data(), axis.cells, centers);
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

double w2_squared(const LineDistribution& a, const LineDistribution& b) {
  return half_cost(a.from_below(), b.from_below()) + half_cost(a.from_above(), b.from_above());
}

}  // namespace wpg
