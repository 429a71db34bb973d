#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "jko/transfer.hpp"
#include "oracles.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;
using namespace wpg::oracle;

namespace {

constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};

Values random_density(Index size) {
  std::mt19937 generator(5);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  Values x(size);
  for (double& value : x) value = uniform(generator);
  return x;
}

/// Smooth across the ends of [0, 1] as continued by the boundary.
double smooth(Boundary boundary, double x) {
  if (boundary == Boundary::reflecting) return std::exp(std::cos(M_PI * x));
  if (boundary == Boundary::periodic) return std::exp(std::sin(2.0 * M_PI * x));
  return std::exp(std::sin(4.0 * x + 0.3));
}

Field prolonged(const Grid& fine, const Field& coarse) {
  Field out(fine);
  Transfer(fine, coarse.grid).prolong(coarse.values, out.values);
  return out;
}

/// Largest error of the prolongation from `cells` to 2 cells per axis.
double prolongation_error(int dimension, Index cells, Boundary boundary) {
  const auto f = [&](const Point& x) {
    double product = 1.0;
    for (Index k = 0; k < x.size(); ++k) product *= smooth(boundary, x[k]);
    return product;
  };
  const Grid fine = cube(dimension, 2 * cells, 0.0, 1.0, boundary);
  const Field coarse = sample(cube(dimension, cells, 0.0, 1.0, boundary), f);
  return (prolonged(fine, coarse).values - sample(fine, f).values).abs().maxCoeff();
}

}  // namespace

TEST_CASE("coarsening halves the cells of the axes it may, rounding up, on the same box") {
  const Grid fine({{17, 0.0, 1.0}, {8, -1.0, 2.0, Boundary::free}, {5, 0.0, 1.0, Boundary::periodic}});
  const Grid coarse = coarsen(fine, {false, false, true});
  CHECK(coarse.axis(0) == Axis{9, 0.0, 1.0});
  CHECK(coarse.axis(1) == Axis{4, -1.0, 2.0, Boundary::free});
  CHECK(coarse.axis(2) == fine.axis(2));
}

TEST_CASE("restriction keeps mass to rounding, for even and odd cells and kept axes") {
  for (const std::vector<Axis>& axes : {std::vector<Axis>{{64, 0.0, 1.0}}, std::vector<Axis>{{65, 0.0, 3.0}},
                                        std::vector<Axis>{{33, 0.0, 1.0}, {40, 0.0, 2.0}},
                                        std::vector<Axis>{{9, 0.0, 1.0}, {11, 0.0, 1.0}, {8, 0.0, 1.0}}}) {
    const Grid fine(axes);
    for (const bool keep : {false, true}) {
      std::vector<bool> kept(axes.size(), false);
      kept[0] = keep && axes.size() > 1;
      Field coarse(coarsen(fine, kept));
      const Field rho(fine, random_density(fine.size()));
      Transfer(fine, coarse.grid).restrict_density(rho.values, coarse.values);
      CHECK(integral(coarse) == doctest::Approx(integral(rho)).epsilon(1e-14));
      CHECK(coarse.values.minCoeff() > 0.0);
    }
  }
}

TEST_CASE("restriction averages pairs of cells, weighs a split cell by its overlap and leaves empty space empty") {
  const Grid even({{8, 0.0, 8.0}});
  Field rho = sample(even, [](const Point& x) { return x[0] < 4.0 ? 0.0 : x[0]; });
  Field coarse(coarsen(even, {false}));
  Transfer(even, coarse.grid).restrict_density(rho.values, coarse.values);
  CHECK(coarse.values[0] == 0.0);
  CHECK(coarse.values[1] == 0.0);
  CHECK(coarse.values[3] == doctest::Approx(7.0).epsilon(1e-15));
  // Nine cells to five: the second coarse cell, from 1.8 to 3.6, takes a fifth, a whole and three fifths.
  const Grid odd({{9, 0.0, 9.0}});
  Field five(coarsen(odd, {false}));
  const Values nine = random_density(9);
  Transfer(odd, five.grid).restrict_density(nine, five.values);
  CHECK(five.values[1] == doctest::Approx((0.2 * nine[1] + nine[2] + 0.6 * nine[3]) / 1.8).epsilon(1e-14));
}

TEST_CASE("prolongation is of order four on every boundary") {
  for (const Boundary boundary : boundaries) {
    for (const int dimension : {1, 2}) {
      std::vector<double> h, error;
      for (const Index cells : {32, 64, 128}) {
        h.push_back(1.0 / static_cast<double>(cells));
        error.push_back(prolongation_error(dimension, cells, boundary));
      }
      CAPTURE(static_cast<int>(boundary));
      CAPTURE(error.back());
      CHECK(fitted_order(h, error) > 3.7);
      CHECK(fitted_order(h, error) < 4.2);
    }
  }
}

TEST_CASE("prolongation reproduces constants everywhere and cubics between free ends, for odd cells too") {
  for (const Boundary boundary : boundaries) {
    const Grid fine({{17, 0.0, 1.0, boundary}, {24, 0.0, 1.0, boundary}, {9, 0.0, 1.0, boundary}});
    const Field coarse = sample(coarsen(fine, {false, false, true}), [](const Point&) { return -700.0; });
    CHECK((prolonged(fine, coarse).values + 700.0).abs().maxCoeff() < 1e-12);
  }
  const auto cubic = [](const Point& x) { return 1.0 + x[0] * (2.0 - x[0] * (3.0 + 5.0 * x[0])); };
  for (const Index cells : {16, 17}) {
    const Grid fine({{cells, -1.0, 2.0, Boundary::free}});
    const Field coarse = sample(coarsen(fine, {false}), cubic);
    CHECK((prolonged(fine, coarse).values - sample(fine, cubic).values).abs().maxCoeff() < 1e-13 * 60.0);
  }
}

TEST_CASE("prolongation from inside is of order six for fields with a slope at walls, and exact to degree five") {
  const auto f = [](const Point& x) { return std::exp(2.0 * x[0] - x[1]); };
  std::vector<double> h, error;
  for (const Index cells : {16, 32, 64}) {
    const Grid fine = cube(2, 2 * cells, 0.0, 1.0);
    const Field coarse = sample(cube(2, cells, 0.0, 1.0), f);
    Field out(fine);
    Transfer(fine, coarse.grid).prolong_from_inside(coarse.values, out.values);
    h.push_back(1.0 / static_cast<double>(cells));
    error.push_back((out.values - sample(fine, f).values).abs().maxCoeff());
  }
  CHECK(fitted_order(h, error) > 5.8);
  CHECK(fitted_order(h, error) < 6.2);

  const auto quintic = [](const Point& x) { return 1.0 + x[0] * (2.0 - x[0] * x[0] * (3.0 + x[0] * (1.0 - x[0]))); };
  const auto quartic = [](const Point& x) { return 1.0 + x[0] * (2.0 - x[0] * x[0] * (3.0 + x[0])); };
  const auto error_of = [](Index cells, const auto& polynomial) {
    const Grid fine({{cells, -1.0, 1.0}});
    const Field coarse = sample(coarsen(fine, {false}), polynomial);
    Field out(fine);
    Transfer(fine, coarse.grid).prolong_from_inside(coarse.values, out.values);
    return (out.values - sample(fine, polynomial).values).abs().maxCoeff();
  };
  for (const Index cells : {16, 17}) CHECK(error_of(cells, quintic) < 1e-13 * 60.0);
  CHECK(error_of(9, quartic) < 1e-13 * 60.0);  // all of the five cells
}

TEST_CASE("prolongation from inside does not see where a periodic axis begins") {
  const Grid fine({{64, 0.0, 1.0, Boundary::periodic}});
  const Grid coarse = coarsen(fine, {false});
  const auto prolonged_from = [&](double origin) {
    const Field f = sample(coarse, [&](const Point& x) { return smooth(Boundary::periodic, x[0] - origin); });
    Field out(fine);
    Transfer(fine, coarse).prolong_from_inside(f.values, out.values);
    return out.values;
  };
  const Values here = prolonged_from(0.0), there = prolonged_from(0.5);
  CHECK((here.head(32) - there.tail(32)).abs().maxCoeff() < 1e-14 * 10.0);
  CHECK((here.tail(32) - there.head(32)).abs().maxCoeff() < 1e-14 * 10.0);
}
