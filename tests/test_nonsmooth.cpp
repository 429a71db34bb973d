#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "oracles.hpp"
#include "wpg/energies/nonsmooth_energy.hpp"
#include "wpg/error.hpp"
#include "wpg/nonsmooth/box_constraint.hpp"
#include "wpg/nonsmooth/group_norm.hpp"
#include "wpg/nonsmooth/l1_norm.hpp"
#include "wpg/nonsmooth/prox_pushforward.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using oracle::cube;
using oracle::point;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// F(y) + |x - y|^2 / (2 gamma).
double proximal_objective(const Nonsmooth& F, const Point& x, const Point& y, double gamma) {
  return F.value(y) + (x - y).squaredNorm() / (2.0 * gamma);
}

/// No point of a fine lattice around prox(x) does better than it, and it maps points to points no farther apart.
void check_prox(const Nonsmooth& F, double gamma) {
  Point last_x = point({5.0, 5.0}), last_y = F.prox(last_x, gamma);
  for (int i = 0; i < 40; ++i) {
    const Point x = point({3.0 * std::sin(1.7 * i), 2.0 * std::cos(2.9 * i + 1.0)});
    const Point y = F.prox(x, gamma);
    const double best = proximal_objective(F, x, y, gamma);
    REQUIRE(std::isfinite(best));
    for (int k = 0; k < 81; ++k) {
      const Point z = y + point({0.01 * (k % 9 - 4), 0.01 * (k / 9 - 4)});
      CHECK(proximal_objective(F, x, z, gamma) >= best - 1e-12);
    }
    CHECK((y - last_y).norm() <= (x - last_x).norm() + 1e-12);
    last_x = x;
    last_y = y;
  }
}

Field gaussian_1d(const Grid& grid, double mean, double variance) {
  return oracle::gaussian_field(grid, {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)});
}

double gaussian_below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

double mass_in(const Field& rho, Index cell) { return rho.values[cell] * rho.grid.cell_volume(); }

void push(const Nonsmooth& F, double gamma, Field& rho, const Potential* V = nullptr) {
  const double before = integral(rho);
  ProxPushforward(rho.grid, V, F, gamma).apply(rho);
  CHECK(rho.values.minCoeff() >= 0.0);
  CHECK(std::abs(integral(rho) / before - 1.0) < 1e-13);
}

}  // namespace

TEST_CASE("nonsmooth: proximal maps minimise their objective and expand no distances") {
  for (const double gamma : {0.1, 1.0}) {
    check_prox(L1Norm(point({0.7, 1.5})), gamma);
    check_prox(L1Norm(point({0.0, 1.5})), gamma);
    check_prox(BoxConstraint(point({-1.0, -infinity}), point({0.5, 0.25})), gamma);
    check_prox(GroupNorm(0.8, {0, 1}), gamma);
    check_prox(GroupNorm(0.8, {1}), gamma);
  }
}

TEST_CASE("nonsmooth: parameters out of range are refused") {
  CHECK_THROWS_AS(L1Norm(point({-1.0, 1.0})), InvalidValue);
  CHECK_THROWS_AS(L1Norm(point({0.0, 0.0})), InvalidValue);
  CHECK_THROWS_AS(L1Norm(point({std::nan(""), 1.0})), InvalidValue);
  CHECK_THROWS_AS(BoxConstraint(point({1.0}), point({1.0})), InvalidValue);
  CHECK_THROWS_AS(GroupNorm(0.0, {0}), InvalidValue);
  CHECK_THROWS_AS(GroupNorm(1.0, {}), InvalidValue);
  CHECK_THROWS_AS(GroupNorm(1.0, {1, 1}), InvalidValue);
  const Grid line = cube(1, 40, -1.0, 1.0), ring = cube(1, 40, -1.0, 1.0, Boundary::periodic);
  const L1Norm F(point({1.0}));
  const oracle::QuadraticPotential V(point({0.0}), oracle::tensor({4.0}));
  CHECK_THROWS_AS(ProxPushforward(line, nullptr, F, 0.0), InvalidValue);
  CHECK_THROWS_AS(ProxPushforward(line, &V, F, 0.26), InvalidValue);
  CHECK_THROWS_AS(ProxPushforward(ring, nullptr, F, 0.1), InvalidValue);
  CHECK_THROWS_AS(nonsmooth_field(line, BoxConstraint(point({2.0}), point({3.0}))), InvalidValue);
}

TEST_CASE("nonsmooth: the target exp(-V-F)/Z has no mass outside a constraint, and the energy there is infinite") {
  const Grid grid = cube(1, 64, -4.0, 4.0);
  const oracle::QuadraticPotential V(point({1.0}), oracle::tensor({2.0}));
  const BoxConstraint box(point({-0.5}), point({1.5}));
  const Field pi = gibbs_density(&V, box, grid);
  CHECK(integral(pi) == doctest::Approx(1.0).epsilon(1e-14));
  CHECK((pi.values > 0.0).count() == 16);
  CHECK(NonsmoothEnergy(grid, box).value(pi) == 0.0);
  CHECK(std::isinf(NonsmoothEnergy(grid, box).value(gaussian_1d(grid, 0.0, 1.0))));
  // E|x| of a Gaussian; the midpoint sum of the kink errs by h^2 rho(0)/12 where it is at a face.
  CHECK(NonsmoothEnergy(grid, L1Norm(point({2.0}))).value(gaussian_1d(grid, 0.0, 1.0)) ==
        doctest::Approx(2.0 * std::sqrt(2.0 / std::acos(-1.0))).epsilon(2e-3));
}

TEST_CASE("nonsmooth: soft thresholding a box leaves the atom's exact mass in its cell") {
  // Kink at a cell centre; the box [-1, 2] and the threshold end at faces.
  const Grid grid = cube(1, 101, -2.525, 2.525);
  const double h = grid.axis(0).spacing(), gamma = 0.5 + 0.5 * h;
  Field rho = sample(grid, [&](const Point& x) { return x[0] > -1.025 && x[0] < 2.025 ? 1.0 / 3.05 : 0.0; });
  push(L1Norm(point({1.0})), gamma, rho);
  // The cell holds the atom and what shifts into it, h/2 to either side of the threshold.
  CHECK(mass_in(rho, 50) == doctest::Approx((2.0 * gamma + h) / 3.05).epsilon(1e-10));
  for (const Index i : {45, 49, 51, 53, 70}) CHECK(rho.values[i] == doctest::Approx(1.0 / 3.05).epsilon(1e-8));
  CHECK(rho.values[30] == 0.0);
  const double left = 1.025 - gamma, right = 2.025 - gamma;
  CHECK(mean(rho)[0] == doctest::Approx((right * right - left * left) / 2.0 / 3.05).epsilon(1e-8));
}

TEST_CASE("nonsmooth: soft thresholding a Gaussian, its atom at a cell centre, within a cell and at a face") {
  // What is exact: the mass of a cell is that between the preimages of its faces; of an atom's face, its middle.
  const double gamma = 0.6;
  const auto worst = [&](Index cells, double shift) {
    const Grid grid = cube(1, cells, -8.0 + shift, 8.0 + shift);
    const Axis& axis = grid.axis(0);
    const auto cell_mass = [&](double a, double b) { return gaussian_below(b) - gaussian_below(a); };
    const auto preimage = [&](double face) { return std::abs(face) < 1e-9 ? 0.0 : face + std::copysign(gamma, face); };
    Field rho(grid);
    for (Index i = 0; i < cells; ++i) rho.values[i] = cell_mass(axis.face(i), axis.face(i + 1)) / axis.spacing();
    push(L1Norm(point({1.0})), gamma, rho);
    double error = 0.0;
    for (Index i = 0; i < cells; ++i) {
      const double exact = cell_mass(preimage(axis.face(i)), preimage(axis.face(i + 1)));
      error = std::max(error, std::abs(mass_in(rho, i) - exact));
    }
    return error;
  };
  for (const double shift : {0.0, 0.01}) {
    const double order = std::log2(worst(81, shift) / worst(162, shift));
    CAPTURE(shift);
    CAPTURE(order);
    CHECK(worst(162, shift) < 1e-8);
    // Masses of cells: sixth order in the density times h.
    CHECK(order > 6.0);
    CHECK(order < 8.0);
  }
}

TEST_CASE("nonsmooth: mirror images stay mirror images, with the kink at a face and at a centre") {
  for (const Index cells : {80, 81}) {
    const Grid grid = cube(1, cells, -4.0, 4.0);
    Field rho = gaussian_1d(grid, 0.7, 0.5), mirrored = gaussian_1d(grid, -0.7, 0.5);
    push(L1Norm(point({1.0})), 0.33, rho);
    push(L1Norm(point({1.0})), 0.33, mirrored);
    CHECK((rho.values - mirrored.values.reverse()).abs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("nonsmooth: the mass that a box cuts off lies in its outermost cells, inside, wherever the walls are") {
  for (const double wall : {-1.0, -0.97, -1.04}) {
    const Grid grid = cube(1, 160, -8.0, 8.0);
    Field rho = gaussian_1d(grid, 0.0, 1.0);
    push(BoxConstraint(point({wall}), point({infinity})), 0.1, rho);
    Index first = 0;
    while (rho.values[first] == 0.0) ++first;
    CHECK(grid.axis(0).center(first) >= wall);
    CHECK(grid.axis(0).center(first - 1) < wall);
    const double face = grid.axis(0).face(first + 1);
    // Centre values are taken for averages: h^2/24 of the second derivative.
    CHECK(mass_in(rho, first) == doctest::Approx(gaussian_below(face)).epsilon(1e-3));
  }
  // A box in the plane: the corners hold products of atoms.
  const Grid square = cube(2, 64, -4.0, 4.0);
  Field rho = oracle::gaussian_field(square, {Eigen::VectorXd::Zero(2), Eigen::MatrixXd::Identity(2, 2)});
  push(BoxConstraint(point({-1.0, -infinity}), point({infinity, 0.5})), 0.1, rho);
  const double corner = gaussian_below(-0.875) * (1.0 - gaussian_below(0.375));
  CHECK(mass_in(rho, 24 + 64 * 35) == doctest::Approx(corner).epsilon(5e-3));
  CHECK(rho.values[23 + 64 * 35] == 0.0);
  CHECK(rho.values[24 + 64 * 36] == 0.0);
}

TEST_CASE("nonsmooth: a group norm takes a disc to a point, at second order, and spares the other axes") {
  const double gamma = 0.75;
  const GroupNorm F(1.0, {0, 1});
  // E of (|x| - gamma)_+^2 for the standard Gaussian in the plane: 2 exp(-g^2/2) - g sqrt(2 pi) erfc(g/sqrt 2).
  const double exact = 2.0 * std::exp(-0.5 * gamma * gamma) -
                       gamma * std::sqrt(2.0 * std::acos(-1.0)) * std::erfc(gamma / std::sqrt(2.0));
  std::vector<double> h, error;
  for (const Index cells : {49, 99, 199}) {
    const Grid grid = cube(2, cells, -6.0, 6.0);
    Field rho = oracle::gaussian_field(grid, {Eigen::VectorXd::Zero(2), Eigen::MatrixXd::Identity(2, 2)});
    push(F, gamma, rho);
    h.push_back(grid.axis(0).spacing());
    error.push_back(std::abs(covariance(rho).trace() - exact));
    CHECK(mean(rho).norm() < 1e-12);
    // Mass of the disc, and of the ring that the linear weights and the cell's own width add to its cell.
    const double disc = 1.0 - std::exp(-0.5 * gamma * gamma);
    const double at_zero = mass_in(rho, grid.size() / 2);
    CHECK(at_zero > disc - 2.0 * gamma * h.back() * h.back());
    CHECK(at_zero < disc + gamma * h.back());
  }
  const double order = oracle::fitted_order(h, error);
  CAPTURE(order);
  CAPTURE(error.back());
  CHECK(order > 1.6);
  CHECK(order < 3.0);
  // On a group of one axis it is the weighted L1 norm of that axis.
  const Grid grid = cube(2, 48, -4.0, 4.0);
  Field one = oracle::gaussian_field(grid, {Eigen::VectorXd::Constant(2, 0.3), Eigen::MatrixXd::Identity(2, 2)});
  Field other = one;
  push(GroupNorm(1.0, {1}), gamma, one);
  push(L1Norm(point({0.0, 1.0})), gamma, other);
  CHECK(l1_distance(one, other) < 1e-12);
}

TEST_CASE("nonsmooth: cells to images and axis by axis agree at second order where the map is smooth") {
  // Beyond its kink soft thresholding is a shift. V = 0 as a potential takes the path from cells to images.
  const oracle::QuadraticPotential zero(point({0.0, 0.0}), Tensor::Zero(2, 2));
  const L1Norm F(point({1.0, 0.6}));
  const exact::Normal law{Eigen::VectorXd::Constant(2, 4.0), 0.3 * Eigen::MatrixXd::Identity(2, 2)};
  std::vector<double> h, error;
  for (const Index cells : {50, 100, 200}) {
    const Grid grid = cube(2, cells, 0.0, 8.0);
    Field swept = oracle::gaussian_field(grid, law), moved = swept;
    push(F, 0.37, swept);
    push(F, 0.37, moved, &zero);
    CHECK((mean(moved) - point({3.63, 3.778})).norm() < 1e-8);
    h.push_back(grid.axis(0).spacing());
    error.push_back(l1_distance(swept, moved));
  }
  const double order = oracle::fitted_order(h, error);
  CAPTURE(order);
  CAPTURE(error.back());
  CHECK(order > 1.8);
  CHECK(order < 4.5);
}
