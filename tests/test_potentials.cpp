#include <doctest/doctest.h>

#include <Eigen/LU>

#include <cmath>
#include <limits>

#include "scratch_file.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/potentials/banana.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/potentials/formula.hpp"
#include "wpg/potentials/gaussian_mixture.hpp"
#include "wpg/potentials/logistic.hpp"
#include "wpg/potentials/quadratic.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;

namespace {

Point point(std::initializer_list<double> numbers) {
  Point x(static_cast<Index>(numbers.size()));
  std::copy(numbers.begin(), numbers.end(), x.data());
  return x;
}

Tensor matrix(double a, double b, double c, double d) {
  Tensor m(2, 2);
  m << a, b, c, d;
  return m;
}

/// Temperature in degrees Fahrenheit and O-ring failure, Dalal, Fowlkes, Hoadley (1989), J. Am. Stat. Assoc. 84.
const std::string orings =
    "temperature_F,oring_failure\n66,0\n70,1\n69,0\n68,0\n67,0\n72,0\n73,0\n70,0\n57,1\n63,1\n70,1\n78,0\n67,0\n53,1\n"
    "67,0\n75,0\n70,0\n81,0\n76,0\n79,0\n75,1\n58,1\n76,0\n";

Observations oring_observations(bool standardise) {
  const ScratchFile file("orings.csv", orings);
  return read_observations(file.path(), {"temperature_F", "oring_failure"}, standardise);
}

GaussianMixture two_bumps() {
  return {{0.3, 0.9}, {{point({1.0, -0.5}), matrix(0.5, 0.2, 0.2, 0.4)}, {point({-1.0, 0.3}), matrix(0.3, 0, 0, 1)}}};
}

struct Errors {
  double gradient = 0.0;
  double hessian = 0.0;
};

/// Largest error of central differences of step h against the derivatives given, over some points.
Errors difference_errors(const Potential& potential, int dimension, double h) {
  Errors errors;
  for (int trial = 0; trial < 12; ++trial) {
    Point x(dimension);
    for (int k = 0; k < dimension; ++k) x[k] = 1.7 * std::sin(1.0 + 7.0 * trial + 3.0 * k);
    const Point g = potential.gradient(x);
    const Tensor H = potential.hessian(x);
    CHECK(H == H.transpose());
    for (int k = 0; k < dimension; ++k) {
      const Point step = h * Point::Unit(dimension, k);
      const double slope = (potential.value(x + step) - potential.value(x - step)) / (2 * h);
      const Point column = (potential.gradient(x + step) - potential.gradient(x - step)) / (2 * h);
      errors.gradient = std::max(errors.gradient, std::abs(slope - g[k]));
      errors.hessian = std::max(errors.hessian, (column - H.col(k)).cwiseAbs().maxCoeff());
    }
  }
  return errors;
}

/// Central differences converge to the derivatives at order two, and not otherwise.
void check_derivatives(const Potential& potential, int dimension) {
  const Errors coarse = difference_errors(potential, dimension, 2e-3);
  const Errors fine = difference_errors(potential, dimension, 1e-3);
  // Fourth-order terms of relative size h^2 and rounding of relative size 1e-13/h^2 stay far below 0.1.
  CHECK(std::log2(coarse.gradient / fine.gradient) == doctest::Approx(2.0).epsilon(0.05));
  CHECK(std::log2(coarse.hessian / fine.hessian) == doctest::Approx(2.0).epsilon(0.05));
}

}  // namespace

TEST_CASE("derivatives of every potential are the limits of its differences") {
  SUBCASE("double well, 1D") { check_derivatives(DoubleWell(1.3, 2.0, 1.0), 1); }
  SUBCASE("double well, 3D") { check_derivatives(DoubleWell(0.8, 1.0, 3.0), 3); }
  SUBCASE("Gaussian mixture") { check_derivatives(two_bumps(), 2); }
  SUBCASE("banana") { check_derivatives(Banana(0.7, point({1.2, 0.6})), 2); }
  SUBCASE("logistic") { check_derivatives(Logistic(oring_observations(true), 10.0), 2); }
  SUBCASE("formula") { check_derivatives(FormulaPotential(Expression("V", "cosh(x)*y^2 + exp(x*y)", 2)), 2); }
  SUBCASE("quadratic: differences are exact to rounding") {
    const Quadratic V(point({1.0, 2.0}), matrix(2.0, 0.5, 0.5, 1.0));
    CHECK(difference_errors(V, 2, 0.1).gradient < 1e-12);
    CHECK(difference_errors(V, 2, 0.1).hessian < 1e-12);
    CHECK(V.value(point({2.0, 4.0})) == doctest::Approx(0.5 * (2 + 2 * 0.5 * 2 + 4)));
  }
}

TEST_CASE("the mixture is minus the log of the sum, also where every term underflows") {
  const GaussianMixture V = two_bumps();
  const auto normal = [](const Point& x, const Point& m, const Tensor& c) {
    const Eigen::Vector2d d = x - m;
    const Eigen::Matrix2d C = c;
    return std::exp(-0.5 * d.dot(C.inverse() * d)) / (2 * M_PI * std::sqrt(C.determinant()));
  };
  for (const Point& x : {point({0.0, 0.0}), point({1.0, -0.4}), point({-3.0, 2.0})}) {
    const double direct = 0.25 * normal(x, point({1.0, -0.5}), matrix(0.5, 0.2, 0.2, 0.4)) +
                          0.75 * normal(x, point({-1.0, 0.3}), matrix(0.3, 0, 0, 1));
    CHECK(V.value(x) == doctest::Approx(-std::log(direct)).epsilon(1e-13));
  }
  // Far to the right only the wide component matters: V = (x - 1)^T C^-1 (x - 1) / 2 + constant.
  const Point far = point({400.0, 0.0});
  CHECK(std::isfinite(V.value(far)));
  const Eigen::Matrix2d P = Eigen::Matrix2d(matrix(0.5, 0.2, 0.2, 0.4)).inverse();
  CHECK((V.gradient(far) - P * Eigen::Vector2d(399.0, 0.5)).norm() < 1e-10);
  CHECK((V.hessian(far) - P).norm() < 1e-10);
  const Grid grid({{200, -8, 8}, {200, -8, 8}});
  CHECK(integral(sample(grid, [&](const Point& x) { return std::exp(-V.value(x)); })) ==
        doctest::Approx(1.0).epsilon(1e-9));
}

TEST_CASE("the banana has the moments its docstring states") {
  const Grid grid({{240, -6, 6, Boundary::free}, {400, -8, 22, Boundary::free}});
  const Field pi = gibbs_density(Banana(0.5, point({1.0, 0.8})), grid);
  // The tails cut at six deviations along x hold 2e-9, times y^4 = 1e5 or so.
  CHECK(mean(pi).norm() < 1e-5);
  const Tensor c = covariance(pi);
  CHECK(c(0, 0) == doctest::Approx(1.0).epsilon(1e-5));
  CHECK(std::abs(c(0, 1)) < 1e-5);
  CHECK(c(1, 1) == doctest::Approx(0.64 + 0.5).epsilon(1e-4));
}

TEST_CASE("the double well has its minima, barrier and curvatures") {
  const DoubleWell V(2.0, 3.0, 0.5);
  CHECK(V.value(point({2.0, 0.0})) == 0.0);
  CHECK(V.value(point({0.0, 0.0})) == 3.0);
  CHECK(V.hessian(point({-2.0, 0.0}))(0, 0) == doctest::Approx(6.0));
  CHECK(V.hessian(point({0.0, 0.0}))(0, 0) == doctest::Approx(-3.0));
  CHECK(V.hessian(point({0.0, 0.0}))(1, 1) == 0.5);
}

TEST_CASE("logistic regression of the O-rings has the known estimates") {
  const auto minimise = [](const Logistic& V, Point b) {
    for (int k = 0; k < 50; ++k) {
      const Eigen::Matrix2d H = V.hessian(b);
      b -= H.inverse() * Eigen::Vector2d(V.gradient(b));
    }
    return b;
  };
  // Maximum likelihood: 15.0429, -0.2322 in the literature; further digits by an independent Newton iteration.
  const Point b = minimise(Logistic(oring_observations(false), 1e8), point({0.0, 0.0}));
  CHECK(b[0] == doctest::Approx(15.042901647702).epsilon(1e-9));
  CHECK(b[1] == doctest::Approx(-0.232162744219).epsilon(1e-9));
  const Logistic posterior(oring_observations(true), 10.0);
  const Point mode = minimise(posterior, point({0.0, 0.0}));
  CHECK(mode[0] == doctest::Approx(-1.1017417321696985).epsilon(1e-10));
  CHECK(mode[1] == doctest::Approx(-1.627515599281315).epsilon(1e-10));
  // Far out, where exp(eta) overflows, V is the sum of the wrong |eta| and the prior: all 16 flights that did not fail.
  CHECK(posterior.value(point({1e4, 0.0})) == doctest::Approx(16e4 + 0.5e6).epsilon(1e-14));
  CHECK(posterior.gradient(point({1e4, 0.0}))[0] == doctest::Approx(16.0 + 100.0).epsilon(1e-14));
}

TEST_CASE("observations are read and refused as stated") {
  const Observations raw = oring_observations(false);
  const Observations standard = oring_observations(true);
  CHECK(raw.covariates.rows() == 23);
  CHECK(std::abs(standard.covariates.mean()) < 1e-15);
  CHECK(standard.covariates.squaredNorm() == doctest::Approx(22.0));
  const ScratchFile file("d.csv", "a,b,y\n1,5,0\n2,5,1\n3,5,2\n");
  CHECK_THROWS_WITH_AS(read_observations(file.path(), {"a", "y"}, true),
                       (file.path() + ": column 'y': the response 2 is neither 0 nor 1").c_str(), InputError);
  const ScratchFile constant("d.csv", "b,y\n5,0\n5,1\n");
  CHECK_THROWS_WITH_AS(read_observations(constant.path(), {"b", "y"}, true),
                       (constant.path() + ": column 'b' is constant: it cannot be standardised").c_str(), InputError);
  CHECK_NOTHROW(read_observations(constant.path(), {"b", "y"}, false));
  CHECK_THROWS_AS(Logistic({Eigen::MatrixXd::Ones(4, 3), Eigen::VectorXd::Ones(4)}, 1.0), InvalidValue);
  CHECK_THROWS_AS(Logistic(raw, std::nan("")), InvalidValue);
}

TEST_CASE("parameters out of range are refused by name") {
  const auto nan = std::nan("");
  CHECK_THROWS_WITH_AS(Quadratic(point({0, 0}), matrix(1, 2, 2, 1)),
                       "precision = 1 2 2 1: must be symmetric and positive definite", InvalidValue);
  CHECK_THROWS_AS(Quadratic(point({0, 0}), matrix(1, 0.1, 0.2, 1)), InvalidValue);
  CHECK_THROWS_AS(Quadratic(point({0, 0}), matrix(1, nan, nan, 1)), InvalidValue);
  CHECK_THROWS_AS(Quadratic(point({0, 0}), matrix(1, 1, 1, 1)), InvalidValue);
  CHECK_THROWS_WITH_AS(DoubleWell(0.0, 1.0, 1.0), "well = 0: must be positive and finite", InvalidValue);
  CHECK_THROWS_AS(DoubleWell(1.0, nan, 1.0), InvalidValue);
  CHECK_THROWS_AS(DoubleWell(1.0, 1.0, -1.0), InvalidValue);
  CHECK_THROWS_AS(Banana(nan, point({1, 1})), InvalidValue);
  CHECK_THROWS_AS(Banana(1.0, point({1, 0})), InvalidValue);
  CHECK_THROWS_AS(Banana(1.0, point({1})), InvalidValue);
  const Gaussian good{point({0, 0}), matrix(1, 0, 0, 1)};
  CHECK_THROWS_AS(GaussianMixture({}, {}), InvalidValue);
  CHECK_THROWS_AS(GaussianMixture({1.0}, {good, good}), InvalidValue);
  CHECK_THROWS_AS(GaussianMixture({1.0, 0.0}, {good, good}), InvalidValue);
  CHECK_THROWS_AS(GaussianMixture({1.0}, {{point({0, 0}), matrix(1, 0, 0, -1)}}), InvalidValue);
}

TEST_CASE("curvature is measured over centres and corners, whatever the number of threads") {
  const Grid grid({{40, -1, 3}, {30, -2, 2}});
  const Curvature q = measure_curvature(Quadratic(point({0, 0}), matrix(2, 1, 1, 2)), grid);
  CHECK(q.lambda == doctest::Approx(1.0));
  CHECK(q.L == doctest::Approx(3.0));
  // 12 x^2 - 4, lowest near x = 0 (centres at +-0.05), highest in the corner x = 3.
  const DoubleWell well(1.0, 1.0, 1.0);
  const Curvature c = measure_curvature(well, grid);
  CHECK(c.L == doctest::Approx(12 * 9 - 4));
  CHECK(c.lambda == doctest::Approx(12 * 0.0025 - 4));
  const int before = threads();
  set_threads(1);
  const Field one = gibbs_density(two_bumps(), grid);
  set_threads(3);
  CHECK((gibbs_density(two_bumps(), grid).values == one.values).all());
  CHECK(measure_curvature(well, grid).L == c.L);
  set_threads(before);
}

TEST_CASE("the Gibbs density is stable under shifts of V and refuses what is not finite") {
  const Grid grid({{64, -6, 6}});
  const Field pi = gibbs_density(FormulaPotential(Expression("V", "x^2/2 - 1e5", 1)), grid);
  CHECK(integral(pi) == doctest::Approx(1.0).epsilon(1e-14));
  // Rounding of V at 1e5 is 1.5e-11.
  for (const Index cell : {0, 20, 32}) {
    const double x = grid.center(cell)[0];
    CHECK(pi.values[cell] == doctest::Approx(std::exp(-x * x / 2) / std::sqrt(2 * M_PI)).epsilon(1e-8));
  }
  const FormulaPotential bad(Expression("V", "log(x)", 1));
  CHECK_THROWS_WITH_AS(gibbs_density(bad, grid), "V = nan at (-5.90625): must be finite on the grid", InvalidValue);
  // Finite everywhere, but the second derivative is not at the centre x = 0.
  const Grid odd({{65, -65, 65}});
  CHECK_THROWS_AS(measure_curvature(FormulaPotential(Expression("V", "(x^2)^(3/4)", 1)), odd), InvalidValue);
}
