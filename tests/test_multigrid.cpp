#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "dense_oracles.hpp"
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

/// One cycle, with the small effort of a finest plane or the one of a coarser plane.
Values applied(const Grid& grid, const Fields& fields, const Values& right, bool finest = true,
               bool short_waves = false) {
  Multigrid multigrid(grid, gamma_prime, epsilon, finest);
  multigrid.update(fields.log_q, fields.log_rho, Values::Ones(grid.size()), nullptr);
  Values z(right.size());
  multigrid.apply(right, 1e300, short_waves, z);
  return z;
}

/// The nine-point matrix, entry by entry, from the links' conductivities.
Eigen::MatrixXd dense_operator(const Grid& grid, const Fields& fields) {
  Conductivity t(grid, epsilon);
  t.update(fields.log_q, Values::Ones(grid.size()));
  const Index nx = grid.axis(0).cells;
  const Index ny = grid.axis(1).cells;
  const bool wraps_x = grid.axis(0).boundary == Boundary::periodic;
  const bool wraps_y = grid.axis(1).boundary == Boundary::periodic;
  Eigen::MatrixXd a = Eigen::MatrixXd::Identity(grid.size(), grid.size());
  const auto couple = [&](Index i, Index j, Direction d) {
    const Index to_i = i + columns_ahead[d];
    const Index to_j = j + rows_ahead[d];
    if ((!wraps_x && (to_i < 0 || to_i >= nx)) || (!wraps_y && to_j >= ny)) return;
    const Index p = i + nx * j;
    const Index q = (to_i + nx) % nx + nx * (to_j % ny);
    const double face = (gamma_prime + epsilon) * t.link(d, i, j)[0];
    const double fall = fields.log_rho[p] - fields.log_rho[q];
    const auto bernoulli = [](double x) { return std::abs(x) < 1e-8 ? 1.0 - 0.5 * x : x / std::expm1(x); };
    a(p, p) += face * bernoulli(fall);
    a(p, q) -= face * bernoulli(fall);
    a(q, q) += face * bernoulli(-fall);
    a(q, p) -= face * bernoulli(-fall);
  };
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      for (const Direction d : directions) couple(i, j, d);
    }
  }
  return a;
}

}  // namespace

TEST_CASE("coarse links are the chains of fine ones: a uniform tensor stays as it is, a barrier stays closed") {
  const std::array<bool, 2> open = {false, false};
  for (const Direction d : directions) {
    Stencil fine(32, 32, open), coarse(16, 16, open);
    const auto connect = [&](Index i, Index j) {
      const Index to_i = i + columns_ahead[d], to_j = j + rows_ahead[d];
      if (to_i < 0 || to_i >= 32 || to_j >= 32 || to_i == 9 || i == 9) return;  // nothing reaches column 9
      const auto at = [&](Index k, Index l) {
        return static_cast<std::size_t>(fine.at(static_cast<int>(k & 1), k / 2, l));
      };
      fine.forward[d][at(i, j)] = fine.backward[d][at(to_i, to_j)] = 8.0F;
    };
    for (Index j = 0; j < 32; ++j) {
      for (Index i = 0; i < 32; ++i) {
        fine.log_rho[static_cast<std::size_t>(fine.at(static_cast<int>(i & 1), i / 2, j))] = 0.0;
        connect(i, j);
      }
    }
    coarsen(fine, coarse);
    const auto link = [&](Direction of, Index i, Index j) {
      return coarse.forward[of][static_cast<std::size_t>(coarse.at(static_cast<int>(i & 1), i / 2, j))];
    };
    CAPTURE(static_cast<int>(d));
    for (const Direction of : directions) CHECK(link(of, 10, 7) == doctest::Approx(of == d ? 2.0 : 0.0));
    if (d == east) CHECK(link(east, 3, 7) == 0.0F);
  }
}

TEST_CASE("multigrid cycles converge to the solution of the screened Poisson equation, on every boundary") {
  for (const Boundary boundary : boundaries) {
    for (const double depth : {0.0, 1.0, 20.0}) {
      const Grid grid({{25, 0.0, 1.0, boundary}, {18, 0.0, 1.0, boundary}});  // odd, and odd one level down
      const Fields fields = smooth_fields(grid, depth);
      const Eigen::MatrixXd a = dense_operator(grid, fields);
      const Values z = random_values(grid.size(), -1.0, 1.0, 3);
      for (const bool rough : {false, true}) {
        // A smooth solution and a rough right side: both ends of the spectrum.
        const Values smooth = sample(grid, [](const Point& x) { return std::cos(2.0 * M_PI * x[0]); }).values;
        const Values right = rough ? z : Values((a * smooth.matrix()).array());
        const Values exact = oracle::factorised(a)(right.matrix()).array();
        const Values rho = (fields.log_rho - fields.log_rho.maxCoeff()).exp();
        const auto norm = [&](const Values& v) { return std::sqrt((rho * v * v).sum()); };
        CAPTURE(static_cast<int>(boundary));
        CAPTURE(depth);
        CAPTURE(rough);
        // Each cycle leaves a third of the error or less: 3^-6 = 1.4e-3.
        for (const bool finest : {true, false}) {
          Values iterate = Values::Zero(grid.size());
          for (int cycle = 0; cycle < 6; ++cycle) {
            iterate += applied(grid, fields, right - (a * iterate.matrix()).array(), finest);
          }
          CHECK(norm(iterate - exact) < 1.4e-3 * norm(exact));
        }
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
        // Fields and shares are in single precision, to 6e-8, on seven levels.
        CHECK(z.maxCoeff() <= right.maxCoeff() + 5e-7);
        CHECK(z.minCoeff() >= right.minCoeff() - 5e-7);
        CHECK((applied(grid, fields, Values::Constant(grid.size(), 0.7)) - 0.7).abs().maxCoeff() < 5e-7);
      }
    }
  }
}

TEST_CASE("a multigrid cycle adds what short waves miss, across the seams of periodic axes too") {
  // S = I and rho = 1: a checkerboard is a mode, with all of its four neighbours along the axes against it.
  for (const Boundary boundary : boundaries) {
    const Grid grid({{16, 0.0, 1.0, boundary}, {20, 0.0, 1.25, boundary}});
    const Fields fields = {Values::Zero(grid.size()), Values::Zero(grid.size())};
    Values mode(grid.size());
    for (Index k = 0; k < grid.size(); ++k) mode[k] = (k % 16 + k / 16) % 2 == 0 ? 1.0 : -1.0;
    const double couplings = 10.0 / 3.0 * epsilon * 256.0;
    const double part = 0.23 * 1.6 - 0.68 / std::sqrt(couplings);  // r - r' = 2 along the axes, 0 along diagonals
    const Values added = applied(grid, fields, mode, true, true) - applied(grid, fields, mode);
    const double expected = epsilon / gamma_prime * part;
    for (Index k = 0; k < grid.size(); ++k) {
      const Index i = k % 16, j = k / 16;
      if (boundary != Boundary::periodic && (i == 0 || i == 15 || j == 0 || j == 19)) continue;
      CHECK(added[k] == doctest::Approx(expected * mode[k]).epsilon(0.01));  // couplings have eight bits
    }
  }
}

TEST_CASE("a multigrid cycle passes cells without any mass") {
  const Grid grid({{20, 0.0, 1.0}, {24, 0.0, 1.0}});
  Fields fields = smooth_fields(grid, 1.0);
  fields.log_rho.tail(200) = -INFINITY;
  fields.log_q.tail(100) = -INFINITY;
  for (const bool short_waves : {false, true}) {
    CHECK(applied(grid, fields, random_values(grid.size(), -1.0, 1.0, 3), true, short_waves).allFinite());
  }
}

TEST_CASE("a multigrid cycle gives the same bits for any number of threads") {
  const int before = threads();
  const Grid grid({{140, 0.0, 1.0}, {137, 0.0, 1.0, Boundary::periodic}});
  const Fields fields = smooth_fields(grid, 10.0);
  const Values right = random_values(grid.size(), -1.0, 1.0, 3);
  set_threads(1);
  const Values one = applied(grid, fields, right, false, true);
  set_threads(3);
  const Values three = applied(grid, fields, right, false, true);
  set_threads(before);
  CHECK((one == three).all());
}
