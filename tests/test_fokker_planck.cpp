#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "oracles.hpp"
#include "transport_cases.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/reduce.hpp"
#include "wpg/reference/fokker_planck.hpp"

using namespace wpg;
using namespace wpg::oracle;

namespace {

Field advanced(Field rho, const Potential* V, double time, double step) {
  FokkerPlanck(rho.grid, V, step).advance(rho, time);
  return rho;
}

/// The generator of the finite volumes as a full matrix, straight from the definition of the fluxes; exp(-V) scales it
/// to a symmetric matrix, whose exponential an eigenvalue decomposition gives to rounding.
Field exponential(const Field& rho, const Potential& V, double time) {
  const Grid& grid = rho.grid;
  const Index n = grid.size();
  const Field v = sample(grid, [&](const Point& x) { return V.value(x); });
  Eigen::MatrixXd symmetric = Eigen::MatrixXd::Zero(n, n);
  const auto join = [&](Index i, Index j, double h) {
    const double z = v.values[j] - v.values[i];
    const auto bernoulli = [](double t) {
      return std::abs(t) < 1e-5 ? 1.0 - t / 2.0 + t * t / 12.0 : t / std::expm1(t);
    };
    symmetric(i, i) -= bernoulli(z) / (h * h);
    symmetric(j, j) -= bernoulli(-z) / (h * h);
    symmetric(i, j) += std::sqrt(bernoulli(z) * bernoulli(-z)) / (h * h);
    symmetric(j, i) = symmetric(i, j);
  };
  for (int k = 0; k < grid.dimension(); ++k) {
    const Lines all = lines(grid, k);
    for (Index line = 0; line < all.count; ++line) {
      const Index first = all.first(line), end = first + (all.length - 1) * all.stride;
      for (Index cell = first; cell < end; cell += all.stride) join(cell, cell + all.stride, grid.axis(k).spacing());
      if (grid.axis(k).boundary == Boundary::periodic) join(end, first, grid.axis(k).spacing());
    }
  }
  const Eigensystem spectrum(symmetric);
  const Values root = (-0.5 * v.values).exp();
  const Values decay = (time * spectrum.values.array()).exp();
  const Eigen::VectorXd scaled = (rho.values / root).matrix();
  const Eigen::VectorXd later = spectrum.with(decay.matrix()) * scaled;
  return Field(grid, root * later.array());
}

double sum_of_negative(const Field& rho) { return rho.values.min(0.0).sum(); }

const QuadraticPotential line_well(point({0.3}), tensor({2.0}));
const exact::Normal line_start{Eigen::VectorXd::Constant(1, -0.5), Eigen::MatrixXd::Constant(1, 1, 0.3)};

}  // namespace

TEST_CASE("Fokker-Planck converges to Ornstein-Uhlenbeck with order 2 in h, in one and two dimensions") {
  std::vector<double> h, error;
  for (const Index cells : {64, 128, 256}) {
    const Grid grid = cube(1, cells, -5.0, 5.0);
    const Field rho = advanced(gaussian_field(grid, line_start), &line_well, 0.4, 5e-4);
    const Field exact_rho = gaussian_field(grid, exact::ornstein_uhlenbeck(line_start, line_well.closed_form(), 0.4));
    h.push_back(grid.axis(0).spacing());
    error.push_back(l1_distance(rho, exact_rho));
  }
  CHECK(fitted_order(h, error) == doctest::Approx(2.0).epsilon(0.03));
  CHECK(error.back() < 2e-4);

  h.clear();
  error.clear();
  for (const Index cells : {32, 64, 128}) {
    const Grid grid({{cells, -5.0, 5.0}, {cells, -4.0, 4.0}});
    const Field rho = advanced(gaussian_field(grid, rotated), &tilted, 0.4, 0.01);
    const Field exact_rho = gaussian_field(grid, exact::ornstein_uhlenbeck(rotated, tilted.closed_form(), 0.4));
    h.push_back(grid.axis(0).spacing());
    error.push_back(l1_distance(rho, exact_rho));
  }
  CHECK(fitted_order(h, error) == doctest::Approx(2.0).epsilon(0.05));
  CHECK(error.back() < 2e-3);
}

TEST_CASE("Fokker-Planck in time: order 2 against the exponential of its own matrix, separable or not") {
  const Grid grid({{20, -3.0, 3.0}, {18, -3.0, 2.5, Boundary::free}});
  const Field rho = gaussian_field(grid, {Eigen::Vector2d(0.5, -0.3), 0.5 * Eigen::Matrix2d::Identity()});
  const Ridges ridges;
  const DoubleWell well(1.0, 0.7, 1.3);
  for (const Potential* V : {static_cast<const Potential*>(&ridges), static_cast<const Potential*>(&well)}) {
    const Field oracle = exponential(rho, *V, 0.5);
    std::vector<double> dt, error;
    // dt L < 1 for both, with L = 73 for the double well.
    for (const int steps : {64, 128, 256}) {
      dt.push_back(0.5 / steps);
      error.push_back(l1_distance(advanced(rho, V, 0.5, dt.back()), oracle));
    }
    CHECK(fitted_order(dt, error) == doctest::Approx(2.0).epsilon(0.02));
    CHECK(error.back() < 1e-6);
  }
}

TEST_CASE("Fokker-Planck on periodic axes agrees with the exponential of its own matrix") {
  const Grid grid({{16, 0.0, 2.0, Boundary::periodic}, {18, 0.0, 2.0, Boundary::periodic}});
  const Waves waves(2.0);
  const Field rho = random_field(grid, 0.2);
  const Field oracle = exponential(rho, waves, 0.2);
  std::vector<double> dt, error;
  for (const int steps : {32, 64, 128}) {
    dt.push_back(0.2 / steps);
    error.push_back(l1_distance(advanced(rho, &waves, 0.2, dt.back()), oracle) / integral(rho));
  }
  // The start is rough: its lines may take first-order steps at first, and still the order is two.
  CHECK(fitted_order(dt, error) == doctest::Approx(2.0).epsilon(0.15));
  CHECK(error.back() < 1e-3);
}

TEST_CASE("Fokker-Planck keeps exp(-V) to rounding, with any step, boundary and range of V") {
  const Ridges ridges;
  const Grid grid({{40, -14.0, 14.0}, {36, -13.0, 13.0, Boundary::free}});
  const Field pi = gibbs_density(ridges, grid);
  REQUIRE(pi.values.maxCoeff() / pi.values.minCoeff() > 1e80);
  for (const double step : {1e-3, 0.1, 10.0}) {
    const Field rho = advanced(pi, &ridges, 20.0 * step, step);
    // Every cell on its own, down to the deepest tail.
    CHECK((rho.values / pi.values - 1.0).abs().maxCoeff() < 1e-11);
  }
  const Waves waves(2.0);
  const Grid torus = cube(2, 24, 0.0, 2.0, Boundary::periodic);
  const Field even = gibbs_density(waves, torus);
  CHECK((advanced(even, &waves, 5.0, 0.25).values / even.values - 1.0).abs().maxCoeff() < 1e-12);
}

TEST_CASE("Fokker-Planck conserves mass and stays nonnegative from rough data with large steps") {
  const Ridges ridges;
  for (const Boundary ends : {Boundary::reflecting, Boundary::free}) {
    const Grid grid = cube(2, 50, -2.0, 2.0, ends);
    Field atom(grid);
    atom.values[50 * 20 + 31] = 1.0 / grid.cell_volume();
    for (const double step : {1e-4, 1e-2, 1.0}) {
      for (Field rho : {atom, random_field(grid, 0.9)}) {
        const double mass = integral(rho);
        const FokkerPlanckReport report = FokkerPlanck(grid, &ridges, step).advance(rho, 10.0 * step);
        CHECK(std::abs(integral(rho) / mass - 1.0) < 1e-14);
        CHECK(std::abs(report.mass_defect) < 1e-13);
        CHECK(sum_of_negative(rho) == 0.0);
        CHECK(report.substeps == 10);
        // Lines of both axes, three sweeps a step; only the first few steps need it.
        CHECK(report.first_order_lines < 3 * 50 * 5);
      }
    }
  }
  Field peak(cube(1, 200, -2.0, 2.0));
  peak.values[100] = 50.0;
  CHECK(FokkerPlanck(peak.grid, &line_well, 0.1).advance(peak, 1.0).first_order_lines == 1);
}

TEST_CASE("Fokker-Planck without a potential is the heat equation, in three dimensions too") {
  const Grid grid = cube(3, 32, -4.0, 4.0);
  const exact::Normal law{Eigen::Vector3d(0.1, 0.0, -0.2), 0.6 * Eigen::Matrix3d::Identity()};
  const Field rho = advanced(gaussian_field(grid, law), nullptr, 0.1, 0.01);
  // h = 1/4: second order in it.
  CHECK(l1_distance(rho, gaussian_field(grid, exact::heat(law, 0.1))) < 1e-2);
  CHECK(covariance(rho)(0, 0) == doctest::Approx(0.8).epsilon(1e-3));
}

TEST_CASE("Fokker-Planck gives the same bits for any number of threads, and for one advance or several") {
  const Ridges ridges;
  const Grid grid = cube(2, 70, -4.0, 4.0);
  const Field start = random_field(grid, 0.5);
  const int before = threads();
  set_threads(1);
  const Field one = advanced(start, &ridges, 0.1, 0.01);
  set_threads(3);
  const Field three = advanced(start, &ridges, 0.1, 0.01);
  set_threads(before);
  CHECK((one.values == three.values).all());
  FokkerPlanck solver(grid, &ridges, 0.01);
  Field pieces = start;
  for (int k = 0; k < 5; ++k) solver.advance(pieces, 0.02);
  CHECK((pieces.values / one.values - 1.0).abs().maxCoeff() < 1e-12);
  CHECK(solver.memory() <= FokkerPlanck::factors_memory(grid) + 70 * 70 * sizeof(double));
}

TEST_CASE("Fokker-Planck refuses what it cannot do") {
  const Grid grid = cube(1, 16, -1.0, 1.0);
  CHECK_THROWS_AS(FokkerPlanck(grid, nullptr, 0.0), InvalidValue);
  CHECK_THROWS_AS(FokkerPlanck(grid, nullptr, std::nan("")), InvalidValue);
  FokkerPlanck solver(grid, nullptr, 0.1);
  Field rho(grid, Values::Ones(16));
  CHECK_THROWS_AS(solver.advance(rho, -1.0), InvalidValue);
  CHECK_THROWS_AS(solver.advance(rho, std::numeric_limits<double>::infinity()), InvalidValue);
  CHECK(solver.advance(rho, 0.0).substeps == 0);
  Field other(cube(1, 20, -1.0, 1.0));
  CHECK_THROWS_AS(solver.advance(other, 1.0), InvalidValue);
  Field empty(grid);
  CHECK_THROWS_AS(solver.advance(empty, 1.0), InvalidValue);
}
