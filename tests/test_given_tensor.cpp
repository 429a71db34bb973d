#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include "dense_kernel.hpp"
#include "jko/conductivity.hpp"
#include "jko/descent.hpp"
#include "jko_cases.hpp"
#include "oracles.hpp"
#include "wpg/parallel.hpp"

// The tensor that one side of a coupling gives to the other, and where links have it.

using namespace wpg;
using namespace wpg::oracle;
using namespace wpg::test;

namespace {

Eigen::Vector4d numbers(GivenTensor::Entry entry) { return {entry[0], entry[1], entry[2], entry[3]}; }

Eigen::Matrix2d rotation(double angle) {
  Eigen::Matrix2d turn;
  turn << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  return turn;
}

/// A coupling at its solution: two bumps over a floor, between which the targets have a seam.
struct Coupled {
  explicit Coupled(const Grid& grid, double ratio)
      : nu(named(plane_shapes(), "two bumps").on(grid)),
        epsilon(square(grid.largest_spacing())),
        level(grid, epsilon, jko_options(ratio * epsilon, epsilon)),
        work(grid.size(), 1),
        log_gv(grid.size()) {
    level.set_source(nu.values);
    Descent descent(level, work);
    work.current.lambda = nu.values.log();
    CHECK(descent.run({1e-9, 0.0, true, 1}, Descent::Start::cold, 500));
    level.source_potential(work.current.lambda, log_gv);
  }

  SourceSide source() const { return {level.log_mass(), level.log_mass().maxCoeff(), log_gv}; }
  Conductivity conductivity() const {
    Conductivity t(nu.grid, epsilon);
    t.update(work.current.log_q, Values::Ones(nu.grid.size()));
    return t;
  }

  Field nu;
  double epsilon;
  Level level;
  Workspace work;
  Values log_gv;
};

/// Mean over the sources x of target y of the covariance of their targets, in units of cells: the oracle.
Eigen::Matrix2d mean_covariance(const Coupled& c, Index y) {
  const Grid& grid = c.nu.grid;
  const DenseKernel kernel(grid, c.epsilon);
  const Index n = grid.axis(0).cells;
  const auto weight = [&](Index a, Index b) { return kernel.entry(0, a % n, b % n) * kernel.entry(1, a / n, b / n); };
  const Values log_v = -c.level.gamma_prime / c.epsilon * c.work.current.lambda;
  Eigen::Matrix2d mean = Eigen::Matrix2d::Zero();
  for (Index x = 0; x < grid.size(); ++x) {
    const double share = weight(x, y) * std::exp(c.level.log_mass()[x] - c.log_gv[x] - c.work.current.log_q[y]);
    if (share < 1e-6) continue;
    Eigen::Vector2d first = Eigen::Vector2d::Zero();
    Eigen::Matrix2d second = Eigen::Matrix2d::Zero();
    for (Index z = 0; z < grid.size(); ++z) {
      const double p = weight(x, z) * std::exp(log_v[z] - c.log_gv[x]);
      const Eigen::Vector2d at(static_cast<double>(z % n), static_cast<double>(z / n));
      first += p * at;
      second += p * at * at.transpose();
    }
    mean += share * (second - first * first.transpose());
  }
  return mean;
}

}  // namespace

TEST_CASE("givers' mass and covariance reach the cells around their means, however they are spread") {
  // Laws contract by 1/2 along the diagonal and 1/4 across it, or the axes: a cell takes 8 givers' masses.
  const Grid grid({{96, -3.0, 3.0, Boundary::free}, {120, -3.0, 3.0, Boundary::free}});
  const double hx = grid.axis(0).spacing(), hy = grid.axis(1).spacing();
  const double epsilon = 1.7 * square(grid.largest_spacing());
  for (const auto spread : {GivenTensor::Spread::between_parts, GivenTensor::Spread::by_law}) {
    for (const double angle : {0.0, 0.25 * M_PI, 0.4}) {
      const Eigen::Matrix2d turn = rotation(angle);
      const Eigen::Matrix2d S = turn * Eigen::Vector2d(0.5, 0.25).asDiagonal() * turn.transpose();
      const Eigen::Matrix2d hessian = (S - Eigen::Matrix2d::Identity()) / epsilon;
      const Values log_potential = sample(grid, [&](const Point& x) { return 0.5 * x.dot(hessian * x); }).values;
      GivenTensor tensor(grid, epsilon, spread);
      tensor.update(log_potential, Values::Constant(grid.size(), std::log(0.3)), std::log(0.1));
      double mass = 0.0;
      for (Index k = 0; k < grid.size(); ++k) mass += tensor.at(k)[0];
      Eigen::Vector4d sum = Eigen::Vector4d::Zero();
      for (Index j = 56; j < 64; ++j) {  // over which the givers' lattice averages out
        for (Index i = 44; i < 52; ++i) sum += numbers(tensor.at(j * 96 + i));
      }
      const double givers = 3.0 * 64.0 / (0.5 * 0.25);
      CAPTURE(static_cast<int>(spread));
      CAPTURE(angle);
      CHECK(mass == doctest::Approx(3.0 * static_cast<double>(grid.size())).epsilon(1e-5));
      CHECK(sum[0] == doctest::Approx(givers).epsilon(0.02));
      CHECK(sum[1] == doctest::Approx(givers * epsilon * S(0, 0) / (hx * hx)).epsilon(0.02));
      CHECK(sum[2] == doctest::Approx(givers * epsilon * S(0, 1) / (hx * hy)).epsilon(0.02).scale(givers));
      CHECK(sum[3] == doctest::Approx(givers * epsilon * S(1, 1) / (hy * hy)).epsilon(0.02));
    }
  }
}

TEST_CASE("by law givers are spread over their standard deviations") {
  // All of one cell's mass, whose law is that of S = diag(9, 1) around the cell itself.
  const Grid grid = cube(2, 32, 0.0, 32.0, Boundary::free);
  const Field log_potential =
      sample(grid, [](const Point& x) { return 4.0 * square(x[0] - 16.5); });  // S - I over two: epsilon is 1
  Values log_density = Values::Constant(grid.size(), -200.0);
  log_density[16 * 32 + 16] = 0.0;
  GivenTensor tensor(grid, 1.0, GivenTensor::Spread::by_law);
  tensor.update(log_potential.values, log_density, 0.0);
  for (const Index i : {13, 19}) {
    for (const Index j : {15, 17}) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK((numbers(tensor.at(j * 32 + i)) - Eigen::Vector4d(0.25, 2.25, 0.0, 0.25)).norm() < 1e-5);
    }
  }
}

TEST_CASE("by law cells beside empty ones give nothing") {
  const Grid grid = cube(2, 16, 0.0, 16.0, Boundary::free);
  Values log_density = Values::Zero(grid.size());
  log_density[8 * 16 + 8] = -std::numeric_limits<double>::infinity();
  Values log_potential = Values::Zero(grid.size());
  log_potential[8 * 16 + 8] = std::numeric_limits<double>::quiet_NaN();
  GivenTensor tensor(grid, 0.01, GivenTensor::Spread::by_law);
  tensor.update(log_potential, log_density, 0.0);
  CHECK(tensor.at(8 * 16 + 8)[0] < 0.1F);
  CHECK(tensor.at(4 * 16 + 4)[0] == doctest::Approx(1.0).epsilon(1e-5));
  for (Index k = 0; k < grid.size(); ++k) CHECK(std::isfinite(tensor.at(k)[1]));
}

TEST_CASE("only givers near certain cells count, across the seams of periodic axes") {
  const Grid grid({{40, 0.0, 40.0, Boundary::periodic}, {24, 0.0, 24.0, Boundary::periodic}});
  Bordered wanted(grid);
  NearCells near(grid);
  CHECK(!near.update(wanted));
  wanted.row(0)[39] = 1.0F;
  CHECK(near.update(wanted));
  for (const double x : {-1.0, 39.2, 0.3, 79.5}) {
    for (const double y : {23.4, -0.4, 0.0, 24.0}) CHECK(near.at(x, y));
  }
  CHECK(!near.at(20.0, 0.0));
  CHECK(!near.at(39.0, 12.0));
  CHECK(near.row(23));
  CHECK(!near.row(12));
  const Values waves =
      sample(grid, [](const Point& x) { return std::cos(M_PI * x[0] / 20.0) + std::sin(M_PI * x[1] / 12.0); }).values;
  GivenTensor all(grid, 1.0, GivenTensor::Spread::by_law), some = all;
  all.update(waves, waves, 0.0);
  some.update(waves, waves, 0.0, &near);
  CHECK(numbers(some.at(39)) == numbers(all.at(39)));
  CHECK(numbers(some.at(0)) == numbers(all.at(0)));
}

TEST_CASE("at a seam sources give the mean of their covariances, and the links beside it have that") {
  const Grid grid = cube(2, 48, -4.0, 4.0);
  const Coupled c(grid, 150.0);
  GivenTensor tensor(grid, c.epsilon, GivenTensor::Spread::by_law);
  tensor.update(c.log_gv, c.level.log_mass(), c.source().log_largest);
  const Conductivity before = c.conductivity();
  Conductivity after = c.conductivity();
  after.take_given(c.source(), c.work.current.log_rho, Values::Ones(grid.size()));
  int changed = 0;
  for (Index y = 0; y < grid.size(); ++y) {
    const Index i = y % 48, j = y / 48;
    if (i < 6 || i > 41 || j < 6 || j > 41) continue;
    if (after.link(north, i, j)[0] == before.link(north, i, j)[0] &&
        after.link(northwest, i, j)[0] == before.link(northwest, i, j)[0]) {
      continue;
    }
    ++changed;
    const Eigen::Vector4d given = numbers(tensor.at(y));
    const Eigen::Matrix2d exact = mean_covariance(c, y);
    CAPTURE(i);
    CAPTURE(j);
    Eigen::Matrix2d mean;
    mean << given[1], given[2], given[2], given[3];
    // Positions are shared between cells, and S comes from differences over them.
    CHECK((mean / given[0] - exact).norm() < 0.25 * exact.norm());
  }
  CHECK(changed > 10);
  CHECK(changed < 200);
}

TEST_CASE("what sources give is the same for any number of threads") {
  const Grid grid = cube(2, 64, -4.0, 4.0);
  const Coupled c(grid, 300.0);
  const auto links = [&](int count) {
    const int usual = threads();
    set_threads(count);
    Conductivity t = c.conductivity();
    t.take_given(c.source(), c.work.current.log_rho, Values::Ones(grid.size()));
    set_threads(usual);
    Values all(4 * grid.size());
    for (const Direction d : directions) {
      for (Index k = 0; k < grid.size(); ++k) all[d * grid.size() + k] = t.link(d, k % 64, k / 64)[0];
    }
    return all;
  };
  CHECK((links(1) == links(3)).all());
}
