#include <doctest/doctest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "jko/multigrid.hpp"
#include "random_values.hpp"
#include "wpg/parallel.hpp"

using namespace wpg;
using wpg::test::random_values;

namespace {

constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};
constexpr double gamma_prime = 0.1;
constexpr double epsilon = 0.004;

struct Fields {
  Values log_q, log_rho;
};

/// Log q with a curved ridge, periodic; log rho falls by `depth` from the middle.
Fields smooth_fields(const Grid& grid, double depth) {
  const auto wave = [](const Point& x) { return std::cos(2.0 * M_PI * x[0]) + std::cos(2.0 * M_PI * x[1]); };
  return {sample(grid,
                 [&](const Point& x) {
                   return 2.0 * std::cos(2.0 * M_PI * (x[0] + x[1])) + std::sin(2.0 * M_PI * (x[0] - 2.0 * x[1]));
                 })
              .values,
          sample(grid, [&](const Point& x) { return -depth * wave(x); }).values};
}

Values applied(const Grid& grid, const Fields& fields, Values z) {
  Multigrid multigrid(grid, gamma_prime, epsilon);
  multigrid.update(fields.log_q, fields.log_rho, Values::Ones(grid.size()));
  multigrid.apply(z);
  return z;
}

/// The nine-point matrix, entry by entry, from the conductivities: faces take the larger of two cells.
Eigen::MatrixXd dense_operator(const Grid& grid, const Fields& fields) {
  Conductivity t(grid, epsilon);
  t.update(fields.log_q, Values::Ones(grid.size()));
  const Index nx = grid.axis(0).cells;
  const Index ny = grid.axis(1).cells;
  const bool wraps_x = grid.axis(0).boundary == Boundary::periodic;
  const bool wraps_y = grid.axis(1).boundary == Boundary::periodic;
  Eigen::MatrixXd a = Eigen::MatrixXd::Identity(grid.size(), grid.size());
  const auto couple = [&](Index i, Index j, Index di, Index dj, auto conductivity) {
    if ((!wraps_x && (i + di < 0 || i + di >= nx)) || (!wraps_y && j + dj >= ny)) return;
    const Index p = i + nx * j;
    const Index q = (i + di + nx) % nx + nx * ((j + dj) % ny);
    const double face = (gamma_prime + epsilon) * std::max({conductivity(p), conductivity(q), 0.0});
    const double fall = fields.log_rho[p] - fields.log_rho[q];
    const auto bernoulli = [](double x) { return std::abs(x) < 1e-8 ? 1.0 - 0.5 * x : x / std::expm1(x); };
    a(p, p) += face * bernoulli(fall);
    a(p, q) -= face * bernoulli(fall);
    a(q, q) += face * bernoulli(-fall);
    a(q, p) -= face * bernoulli(-fall);
  };
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      couple(i, j, 1, 0, [&](Index c) { return t.x()[c]; });
      couple(i, j, 0, 1, [&](Index c) { return t.y()[c]; });
      couple(i, j, 1, 1, [&](Index c) { return t.diagonal()[c]; });
      couple(i, j, -1, 1, [&](Index c) { return -t.diagonal()[c]; });
    }
  }
  return a;
}

}  // namespace

TEST_CASE("conductivities sum to the inverse of I + epsilon grad^2 log q where that is not too oblique") {
  // A quadratic log q: differences are exact, the tensor the same everywhere.
  const Grid grid({{12, 0.0, 1.2}, {9, 0.0, 1.35}});
  const double hx = 0.1;
  const double hy = 0.15;
  const Eigen::Matrix2d hessian = (Eigen::Matrix2d() << -60.0, 25.0, 25.0, 40.0).finished();
  const Values log_q =
      sample(grid, [&](const Point& x) { return 0.5 * x.dot(hessian * x) + 3.0 * x[0] - x[1]; }).values;
  Conductivity t(grid, epsilon);
  t.update(log_q, Values::Ones(grid.size()));
  const Eigen::Matrix2d expected = (Eigen::Matrix2d::Identity() + epsilon * hessian).inverse();
  CHECK((hx * hx * (t.x() + t.diagonal().abs()) - expected(0, 0)).abs().maxCoeff() < 1e-11);
  CHECK((hy * hy * (t.y() + t.diagonal().abs()) - expected(1, 1)).abs().maxCoeff() < 1e-11);
  CHECK((hx * hy * t.diagonal() - expected(0, 1)).abs().maxCoeff() < 1e-11);
}

TEST_CASE("conductivities are never negative, for any log q, and grow where it is not trusted") {
  const Grid grid({{23, 0.0, 1.0, Boundary::periodic}, {14, 0.0, 1.0}});
  Conductivity t(grid, epsilon);
  const Values log_q = random_values(grid.size(), -50.0, 50.0, 1);
  t.update(log_q, Values::Ones(grid.size()));
  CHECK(t.x().minCoeff() >= 0.0);
  CHECK(t.y().minCoeff() >= 0.0);
  const Values x = t.x();
  t.update(log_q, Values::Constant(grid.size(), 0.5));
  CHECK((t.x() - 2.0 * x).abs().maxCoeff() <= 1e-12 * x.maxCoeff());
}

TEST_CASE("multigrid cycles converge to the solution of the screened Poisson equation, on every boundary") {
  for (const Boundary boundary : boundaries) {
    for (const double depth : {0.0, 1.0, 20.0}) {
      const Grid grid({{37, 0.0, 1.0, boundary}, {30, 0.0, 1.0, boundary}});
      const Fields fields = smooth_fields(grid, depth);
      const Eigen::MatrixXd a = dense_operator(grid, fields);
      const Values z = random_values(grid.size(), -1.0, 1.0, 3);
      for (const bool rough : {false, true}) {
        // A smooth solution and a rough right side: both ends of the spectrum.
        const Values smooth = sample(grid, [](const Point& x) { return std::cos(2.0 * M_PI * x[0]); }).values;
        const Values right = rough ? z : Values((a * smooth.matrix()).array());
        const Values exact = a.partialPivLu().solve(right.matrix()).array();
        const Values rho = (fields.log_rho - fields.log_rho.maxCoeff()).exp();
        const auto norm = [&](const Values& v) { return std::sqrt((rho * v * v).sum()); };
        CAPTURE(static_cast<int>(boundary));
        CAPTURE(depth);
        CAPTURE(rough);
        // Each cycle at least halves the error: 2^-10 = 1e-3.
        Values iterate = Values::Zero(grid.size());
        for (int cycle = 0; cycle < 10; ++cycle) {
          iterate += applied(grid, fields, right - (a * iterate.matrix()).array());
        }
        CHECK(norm(iterate - exact) < 1e-3 * norm(exact));
      }
    }
  }
}

TEST_CASE("a multigrid cycle obeys a maximum principle and keeps constants, at any range of rho and on any grid") {
  for (const Boundary boundary : boundaries) {
    for (const auto& [columns, rows] : {std::pair<Index, Index>{4, 4}, {16, 16}, {29, 18}, {100, 17}, {17, 67}}) {
      const Grid grid({{columns, 0.0, 1.0, boundary}, {rows, 0.0, 1.0, boundary}});
      for (const double range : {1.0, 100.0, 1e4}) {
        const Values right = random_values(grid.size(), -1.0, 1.0, 3);
        const Fields fields = {random_values(grid.size(), -range, range, 1),
                               random_values(grid.size(), -range, range, 2)};
        const Values z = applied(grid, fields, right);
        CAPTURE(columns);
        CAPTURE(range);
        // Masses are shared out in single precision, to 6e-8.
        CHECK(z.maxCoeff() <= right.maxCoeff() + 1e-7);
        CHECK(z.minCoeff() >= right.minCoeff() - 1e-7);
        CHECK((applied(grid, fields, Values::Constant(grid.size(), 0.7)) - 0.7).abs().maxCoeff() < 1e-7);
      }
    }
  }
}

TEST_CASE("a multigrid cycle passes cells without any mass") {
  const Grid grid({{20, 0.0, 1.0}, {24, 0.0, 1.0}});
  Fields fields = smooth_fields(grid, 1.0);
  fields.log_rho.tail(200) = -INFINITY;
  fields.log_q.tail(100) = -INFINITY;
  CHECK(applied(grid, fields, random_values(grid.size(), -1.0, 1.0, 3)).allFinite());
}

TEST_CASE("a multigrid cycle gives the same bits for any number of threads") {
  const int before = threads();
  const Grid grid({{140, 0.0, 1.0}, {137, 0.0, 1.0, Boundary::periodic}});
  const Fields fields = smooth_fields(grid, 10.0);
  const Values right = random_values(grid.size(), -1.0, 1.0, 3);
  set_threads(1);
  const Values one = applied(grid, fields, right);
  set_threads(3);
  const Values three = applied(grid, fields, right);
  set_threads(before);
  CHECK((one == three).all());
}
