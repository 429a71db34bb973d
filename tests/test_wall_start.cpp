#include <doctest/doctest.h>

#include <cmath>

#include "jko/wall_start.hpp"
#include "jko_cases.hpp"
#include "oracles.hpp"

using namespace wpg;
using namespace wpg::oracle;
using namespace wpg::test;

namespace {

constexpr double epsilon = 0.01;

/// The larger of two parabolas: log q of two cells as sources, `apart` cells from each other, along an axis.
Field two_sources(const Grid& grid, int axis, double apart) {
  const double h = grid.axis(axis).spacing();
  return sample(grid, [&](const Point& x) {
    const double at = x[axis] - 0.5 * (grid.axis(axis).lower + grid.axis(axis).upper) - 0.3 * h;
    return apart * h * std::abs(at) / (2.0 * epsilon) - 0.5 * x.squaredNorm() / epsilon;
  });
}

}  // namespace

TEST_CASE("log q has a ridge between sources that are some cells apart, along any axis, and else none") {
  const Grid line = cube(1, 40, -2.0, 2.0);
  const Grid plane({{33, -2.0, 2.0}, {40, -2.0, 2.0, Boundary::free}});
  const Grid space({{12, -1.0, 1.0}, {10, -1.0, 1.0, Boundary::periodic}, {14, -1.0, 1.0}});
  for (const Grid& grid : {line, plane, space}) {
    for (int axis = 0; axis < grid.dimension(); ++axis) {
      CAPTURE(grid.dimension());
      CAPTURE(axis);
      CHECK(has_ridge(grid, epsilon, two_sources(grid, axis, 20.0).values));
      CHECK(!has_ridge(grid, epsilon, two_sources(grid, axis, 0.5).values));
    }
    CHECK(!has_ridge(grid, epsilon, sample(grid, [](const Point& x) { return std::exp(2.0 * x[0]); }).values));
  }
}

TEST_CASE("a density has mass at reflecting walls if none of the cells near them is empty") {
  const Grid grid({{50, 0.0, 1.0}, {40, 0.0, 1.0, Boundary::free}});
  Values nu = Values::Ones(grid.size());
  CHECK(has_mass_at_walls(grid, nu));
  nu[50 * 20 + 25] = 0.0;
  nu[50 * 39 + 25] = 0.0;  // at a free end
  CHECK(has_mass_at_walls(grid, nu));
  nu[50 * 20 + 44] = 0.0;
  CHECK(!has_mass_at_walls(grid, nu));
  CHECK(!has_mass_at_walls(cube(2, 20, 0.0, 1.0, Boundary::free), Values::Ones(400)));
}

TEST_CASE("near reflecting walls lambda is replaced, far from them and at other ends it stays, in between it passes") {
  const Grid grid({{50, 0.0, 1.0}, {40, 0.0, 1.0, Boundary::free}});
  Values lambda = Values::Zero(grid.size());
  blend_at_walls(grid, Values::Ones(grid.size()), lambda);
  for (const Index j : {0, 20, 39}) {
    const auto row = lambda.segment(50 * j, 50);
    for (const Index i : {0, 6, 43, 49}) CHECK(row[i] == 1.0);
    for (const Index i : {16, 25, 33}) CHECK(row[i] == 0.0);
    for (Index i = 7; i < 16; ++i) {
      CHECK(row[i] < row[i - 1]);
      CHECK(row[i] == doctest::Approx(row[49 - i]));
    }
  }
}

TEST_CASE("kernel pairs of log-concave densities that reach reflecting walls, at gamma/epsilon = 1000") {
  const OneThread one_thread;
  // Started from the source's potential alone they take 12.6 to 13.6.
  const std::vector<std::function<double(const Point&)>> potentials = {
      [](const Point& x) { return 2.0 * (square(x[0] - 1.0) + square(x[1] - 1.0)); },
      [](const Point& x) { return 0.25 * (square(square(x[0])) + square(square(x[1] - 0.3))) + 0.3 * x[0] * x[1]; },
      [](const Point& x) { return 0.3 * x.squaredNorm() + 2.0 * std::log1p(std::exp(3.0 * x[0] + x[1])); }};
  const Grid grid = cube(2, 128, -4.0, 4.0);
  const double h2 = square(grid.largest_spacing());
  for (const auto& potential : potentials) {
    const Field nu = unit_mass(sample(grid, [&](const Point& x) { return std::exp(-potential(x)); }));
    const JkoReport report = solve_once(nu, jko_options(1000.0 * h2, h2)).report;
    CHECK(report.l1_bound <= 1e-8);
    CHECK(0.5 * report.kernel_applications < 12.0);
  }
}
