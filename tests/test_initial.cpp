#include <doctest/doctest.h>

#include <cmath>

#include "wpg/error.hpp"
#include "wpg/initial.hpp"
#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;

namespace {

Point point(std::initializer_list<double> numbers) {
  Point x(static_cast<Index>(numbers.size()));
  std::copy(numbers.begin(), numbers.end(), x.data());
  return x;
}

/// Correlated points without a random number generator.
Eigen::MatrixXd cloud(Index n) {
  Eigen::MatrixXd points(n, 2);
  for (Index i = 0; i < n; ++i) {
    const auto t = static_cast<double>(i);
    points(i, 0) = std::sin(1.3 * t) + 0.3 * std::cos(7.1 * t);
    points(i, 1) = 0.5 * points(i, 0) + std::cos(2.7 * t);
  }
  return points;
}

}  // namespace

TEST_CASE("Gaussians and mixtures have their moments") {
  const Grid grid({{120, -9, 9}, {100, -8, 8}});
  Tensor c(2, 2);
  c << 1.0, 0.4, 0.4, 0.6;
  Field rho = gaussian_density(grid, {point({0.5, -0.3}), c});
  // Sampled at less than half a deviation, cut at ten: exact to rounding.
  CHECK(normalise(rho) == doctest::Approx(1.0).epsilon(1e-12));
  CHECK((mean(rho) - point({0.5, -0.3})).norm() < 1e-12);
  CHECK((covariance(rho) - c).norm() < 1e-11);

  Field mixed = mixture_density(grid, {1.0, 3.0}, {{point({2.0, 0.0}), c}, {point({-2.0, 0.0}), c}});
  CHECK(normalise(mixed) == doctest::Approx(1.0).epsilon(1e-9));
  CHECK(mean(mixed)[0] == doctest::Approx(-1.0).epsilon(1e-8));
  // Law of total variance: 1 within, 4 - 1 between.
  CHECK(covariance(mixed)(0, 0) == doctest::Approx(4.0).epsilon(1e-7));
}

TEST_CASE("a box has exact mass and centre of mass of its cells, and is cut by the grid") {
  const Grid grid({{10, 0, 1}, {8, 0, 2}});
  Field rho = box_density(grid, point({0.23, 0.3}), point({0.71, 1.95}));
  CHECK(integral(rho) == doctest::Approx(1.0).epsilon(1e-14));
  CHECK(rho.values[3 + 10 * 3] == doctest::Approx(1.0 / (0.48 * 1.65)));
  CHECK(rho.values[2 + 10 * 3] == doctest::Approx(0.7 / (0.48 * 1.65)));
  CHECK(rho.values[0] == 0.0);
  Field half = box_density(grid, point({-1, 0}), point({1, 2}));
  CHECK(normalise(half) == doctest::Approx(2.0));
  Field tiny = box_density(grid, point({0.52, 0.55}), point({0.53, 0.56}));
  CHECK(integral(tiny) == doctest::Approx(1.0).epsilon(1e-12));
  CHECK_THROWS_AS(box_density(grid, point({0.5, 0.5}), point({0.5, 1.0})), InvalidValue);
}

TEST_CASE("a disc has its mass and its moments in every dimension") {
  const Grid line({{16, -2, 2}});
  CHECK(integral(disc_density(line, point({0.1}), 0.77)) == doctest::Approx(1.0).epsilon(1e-14));
  const Grid square({{64, -2, 2}, {48, -2, 2}});
  const Field disc = disc_density(square, point({0.2, -0.1}), 1.3);
  // 32 slices a cell: an error of (h/32)^1.5 at the two ends of the disc.
  CHECK(integral(disc) == doctest::Approx(1.0).epsilon(1e-4));
  CHECK((mean(disc) - point({0.2, -0.1})).norm() < 1e-4);
  CHECK(covariance(disc)(0, 0) == doctest::Approx(1.3 * 1.3 / 4).epsilon(3e-3));
  const Grid cube({{24, -2, 2}, {20, -2, 2}, {16, -2, 2}});
  CHECK(integral(disc_density(cube, point({0, 0, 0.1}), 1.5)) == doctest::Approx(1.0).epsilon(1e-4));
  CHECK(integral(disc_density(square, point({0.01, 0.02}), 1e-3)) == doctest::Approx(1.0).epsilon(0.5));
  CHECK_THROWS_AS(disc_density(square, point({0, 0}), 0.0), InvalidValue);
}

TEST_CASE("a kernel density estimate has the samples' mean and their covariance plus the bandwidth's") {
  const Eigen::MatrixXd points = cloud(700);
  const Grid grid({{80, -5, 5}, {90, -6, 6}});
  const Point h = point({0.3, 0.4});
  Field rho = kernel_density(grid, points, h);
  CHECK(normalise(rho) == doctest::Approx(1.0).epsilon(1e-10));
  const Eigen::RowVectorXd m = points.colwise().mean();
  const Eigen::MatrixXd centred = points.rowwise() - m;
  Eigen::Matrix2d expected = centred.transpose() * centred / 700.0;
  expected(0, 0) += 0.09;
  expected(1, 1) += 0.16;
  CHECK((mean(rho) - m.transpose()).norm() < 1e-10);
  CHECK((covariance(rho) - expected).norm() < 1e-9);
  const int before = threads();
  set_threads(3);
  Field again = kernel_density(grid, points, h);
  normalise(again);
  CHECK((again.values == rho.values).all());
  set_threads(before);
}

TEST_CASE("a kernel density estimate agrees with the sum of its kernels in three dimensions") {
  Eigen::MatrixXd points(3, 3);
  points << 0.1, 0.2, 0.3, -0.5, 0.4, 0.0, 0.7, -0.6, -0.2;
  const Grid grid({{8, -2, 2}, {6, -2, 2}, {5, -2, 2}});
  const Field rho = kernel_density(grid, points, point({0.5, 0.6, 0.7}));
  for (const Index cell : {0, 57, 123, 239}) {
    double sum = 0.0;
    for (Index p = 0; p < 3; ++p) {
      const Point d = (grid.center(cell) - points.row(p).transpose()).cwiseQuotient(point({0.5, 0.6, 0.7}));
      sum += std::exp(-0.5 * d.squaredNorm()) / (std::pow(2 * M_PI, 1.5) * 0.5 * 0.6 * 0.7) / 3.0;
    }
    CHECK(rho.values[cell] == doctest::Approx(sum).epsilon(1e-13));
  }
}

TEST_CASE("bandwidth rules and histogram") {
  Eigen::MatrixXd points(4, 1);
  points << 0.0, 1.0, 2.0, 3.0;
  const double deviation = std::sqrt(5.0 / 3.0);
  CHECK(scott_bandwidth(points)[0] == doctest::Approx(deviation * std::pow(4.0, -0.2)));
  CHECK(silverman_bandwidth(points)[0] == doctest::Approx(deviation * std::pow(4.0 / (3.0 * 4.0), 0.2)));
  const Grid grid({{4, 0, 2}});
  Field rho = histogram_density(grid, points);
  CHECK(rho.values[0] == doctest::Approx(0.5));
  CHECK(rho.values[2] == doctest::Approx(0.5));
  CHECK(rho.values[3] == doctest::Approx(0.5));  // the upper end belongs to the last cell
  CHECK(normalise(rho) == doctest::Approx(4.0 / 3.0));
  CHECK_THROWS_AS(kernel_density(grid, points, point({0.3})), InvalidValue);
  CHECK_THROWS_AS(kernel_density(grid, points, point({std::nan("")})), InvalidValue);
  CHECK_THROWS_AS(kernel_density(grid, points.topRows(1), scott_bandwidth(points.topRows(1))), InvalidValue);
}

TEST_CASE("densities that are none are refused with the first cell at fault") {
  const Grid grid({{4, 0, 4}});
  const auto normalised = [&](const std::string& text) {
    Field rho = expression_density(grid, Expression("rho", text, 1));
    return normalise(rho);
  };
  CHECK(normalised("1 + x") == doctest::Approx(1.0 / 12.0));
  CHECK_THROWS_WITH_AS(normalised("x - 1"), "rho = -0.5 at (0.5): must be finite and nonnegative on the grid",
                       InvalidValue);
  CHECK_THROWS_WITH_AS(normalised("log(x-2)"), doctest::Contains("nan at (0.5)"), InvalidValue);
  CHECK_THROWS_WITH_AS(normalised("1/(x-1.5)^2"), "rho = inf at (1.5): must be finite and nonnegative on the grid",
                       InvalidValue);
  CHECK_THROWS_WITH_AS(normalised("0*x"), "rho = a density of mass 0: must be of positive mass on the grid",
                       InvalidValue);
  Field off = gaussian_density(grid, {point({900.0}), Tensor::Identity(1, 1)});
  CHECK_THROWS_AS(normalise(off), InvalidValue);
}
