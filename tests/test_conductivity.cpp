#include <doctest/doctest.h>

#include <cmath>

#include "dense_oracles.hpp"
#include "jko/conductivity.hpp"
#include "jko/second_differences.hpp"
#include "random_values.hpp"
#include "wpg/field.hpp"

using namespace wpg;
using wpg::test::random_values;

namespace {

constexpr double epsilon = 0.004;

/// Sum of conductivity times e e^T over the directions at a cell, in units of lengths.
Eigen::Matrix2d tensor(const Conductivity& t, const Grid& grid, Index i, Index j) {
  Eigen::Matrix2d sum = Eigen::Matrix2d::Zero();
  for (const Direction d : directions) {
    const Eigen::Vector2d e(static_cast<double>(columns_ahead[d]) * grid.axis(0).spacing(),
                            static_cast<double>(rows_ahead[d]) * grid.axis(1).spacing());
    sum += t.link(d, i, j)[0] * e * e.transpose();
  }
  return sum;
}

Conductivity of_quadratic(const Grid& grid, const Eigen::Matrix2d& hessian) {
  Conductivity t(grid, epsilon);
  t.update(sample(grid, [&](const Point& x) { return 0.5 * x.dot(hessian * x) + 3.0 * x[0] - x[1]; }).values,
           Values::Ones(grid.size()));
  return t;
}

}  // namespace

TEST_CASE(
    "conductivities sum to the inverse of S = I + epsilon grad^2 log q where S <= 10 and that is not too oblique") {
  // A quadratic log q: differences are exact, the tensor the same everywhere.
  const Grid grid({{12, 0.0, 1.2}, {9, 0.0, 1.35}});
  for (const double sign : {1.0, -3.0}) {
    const Eigen::Matrix2d hessian = sign * (Eigen::Matrix2d() << -160.0, 45.0, 45.0, -60.0).finished();
    const Conductivity t = of_quadratic(grid, hessian);
    const Eigen::Matrix2d expected = oracle::inverse(Eigen::Matrix2d::Identity() + epsilon * hessian);
    for (const Index i : {1, 5, 10}) {
      for (const Index j : {0, 4, 7}) CHECK((tensor(t, grid, i, j) - expected).norm() < 1e-5);  // single precision
    }
  }
}

TEST_CASE("conductivities along the eigenvectors of S > 1 stay near its inverse") {
  const Grid grid({{12, 0.0, 1.2}, {12, 0.0, 1.2}});
  for (const double excess : {0.1, 1.0, 10.0, 1000.0}) {
    for (const double angle : {0.0, 0.3, M_PI / 4, 1.2}) {
      const Eigen::Vector2d normal(std::cos(angle), std::sin(angle));
      const Conductivity t = of_quadratic(grid, excess / epsilon * normal * normal.transpose());
      const Eigen::Vector2d along(-normal[1], normal[0]);
      const Eigen::Matrix2d sum = tensor(t, grid, 5, 6);
      CAPTURE(excess);
      CAPTURE(angle);
      // Of the S > 30 that an oblique tensor cannot follow, links count on a thirtieth.
      CHECK(normal.dot(sum * normal) * (1.0 + excess) < (excess > 10.0 ? 34.0 : 2.0) + 1e-4);
      CHECK(along.dot(sum * along) < 1.0 + 1e-4);
      CHECK(along.dot(sum * along) > 1.0 / 3.0 / (1.0 + excess * std::pow(std::sin(2.0 * angle), 2)));
    }
  }
}

TEST_CASE("a link has the mean S of its two cells, where that changes smoothly") {
  // S grows from 1.2 to 2 along x and is 1 along y: two thirds of T_xx go along x.
  const Grid grid({{12, 0.0, 1.2}, {9, 0.0, 0.9}});
  const auto excess = [](double x) { return 0.2 + 0.8 * x; };
  Conductivity t(grid, epsilon);
  t.update(sample(grid, [&](const Point& x) { return (0.1 * x[0] * x[0] + 0.8 / 6.0 * std::pow(x[0], 3)) / epsilon; })
               .values,
           Values::Ones(grid.size()));
  for (const Index i : {2, 5, 8}) {
    const double middle = 0.1 * static_cast<double>(i + 1);
    // To second order in the change per cell: S counts as far as neighbours share it, the rest as a resistance.
    CHECK(0.01 * t.link(east, i, 4)[0] == doctest::Approx(2.0 / 3.0 / (1.0 + excess(middle))).epsilon(3e-3));
  }
}

TEST_CASE("a seam between two sources closes the links that cross it and no other") {
  // Log q is the larger of two planes that meet between columns 7 and 8: a jump of slope of 100 cells' worth.
  const Grid grid({{16, 0.0, 1.6}, {12, 0.0, 1.2}});
  const double slope = 0.5 * 100.0 * 0.1 / epsilon;
  Conductivity t(grid, epsilon);
  t.update(sample(grid, [&](const Point& x) { return slope * std::abs(x[0] - 0.8); }).values,
           Values::Ones(grid.size()));
  const double h2 = 0.01;
  CHECK(h2 * t.link(east, 7, 5)[0] < 1.0 / 50.0);
  for (const Index i : {5, 6, 8, 9}) CHECK(h2 * t.link(east, i, 5)[0] == doctest::Approx(2.0 / 3.0));
  for (const Index i : {6, 7, 8, 9}) CHECK(h2 * t.link(north, i, 5)[0] == doctest::Approx(2.0 / 3.0));
}

TEST_CASE("a link across a seam beyond the edges of its sources conducts no more than one of S = I") {
  // Two single cells as sources: S = 0 but on the seam half-way, half a column from the grid's cells.
  const Grid grid({{20, 0.0, 2.0}, {12, 0.0, 1.2}});
  const auto log_q = [&](const Point& x) {
    const auto from = [&](double source) {
      return -0.5 * (std::pow(x[0] - source, 2) + std::pow(x[1] - 0.6, 2)) / epsilon;
    };
    return std::max(from(0.3), from(1.5));
  };
  Conductivity t(grid, epsilon), doubtful(grid, epsilon);
  t.update(sample(grid, log_q).values, Values::Ones(grid.size()));
  doubtful.update(sample(grid, log_q).values, Values::Constant(grid.size(), 0.25));
  const double h2 = 0.01;
  for (const Index j : {3, 6, 9}) {
    CHECK(h2 * t.link(east, 6, j)[0] > 50.0);
    for (const Index i : {7, 8, 9}) CHECK(h2 * t.link(east, i, j)[0] <= 1.0 + 1e-6);
    CHECK(h2 * t.link(northeast, 8, j)[0] < 0.5);
    CHECK(h2 * t.link(east, 8, j)[0] < 0.2);
    CHECK(h2 * t.link(east, 10, j)[0] > 50.0);
    CHECK(doubtful.link(east, 8, j)[0] == doctest::Approx(4.0 * t.link(east, 8, j)[0]).epsilon(1e-5));
  }
}

TEST_CASE("at a wall the differences along it are its own") {
  // In the corner log q turns by 20 cells' worth along either wall, which the next row does not see.
  const Grid grid({{12, 0.0, 1.2}, {12, 0.0, 1.2}});
  const double corner = 20.0 * 0.01 / epsilon;
  Values log_q = Values::Zero(grid.size());
  log_q[0] = corner;
  SecondDifferences differences(grid, epsilon);
  differences.update(log_q);
  CHECK(differences.along(east).row(0)[1] == doctest::Approx(20.0));
  CHECK(differences.along(north).row(1)[0] == doctest::Approx(20.0));
  CHECK(differences.along(east).row(1)[1] == 0.0F);
  CHECK(differences.along(east).row(0)[0] == doctest::Approx(20.0));  // its neighbour's, for want of its own
}

TEST_CASE("conductivities are never negative, for any log q, and grow where it is not trusted") {
  const Grid grid({{23, 0.0, 1.0, Boundary::periodic}, {14, 0.0, 1.0}});
  Conductivity t(grid, epsilon);
  Conductivity doubtful(grid, epsilon);
  const Values log_q = random_values(grid.size(), -50.0, 50.0, 1);
  t.update(log_q, Values::Ones(grid.size()));
  doubtful.update(log_q, Values::Constant(grid.size(), 0.5));
  for (Index j = 0; j + 1 < 14; ++j) {
    for (Index i = 0; i < 23; ++i) {
      for (const Direction d : directions) {
        const double link = t.link(d, i, j)[0];
        CHECK(link >= 0.0);
        // Twice, to the single precision of the larger conductivities that it is a difference of.
        CHECK(doubtful.link(d, i, j)[0] == doctest::Approx(2.0 * link).epsilon(1e-5).scale(1.0));
      }
    }
  }
}
