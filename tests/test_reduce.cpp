#include <doctest/doctest.h>

#include <cmath>

#include "wpg/reduce.hpp"

using namespace wpg;

TEST_CASE("moments of a sampled Gaussian are spectrally accurate") {
  const Grid grid({{96, -8.0, 8.0, Boundary::free}, {64, -7.0, 9.0, Boundary::free}});
  const Field rho = sample(grid, [](const Point& x) {
    const double a = x[0] - 0.5;
    const double b = x[1] - 1.0;
    return std::exp(-(a * a + b * b - a * b)) * std::sqrt(0.75) / M_PI;
  });
  CHECK(integral(rho) == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(mean(rho)[0] == doctest::Approx(0.5).epsilon(1e-12));
  CHECK(mean(rho)[1] == doctest::Approx(1.0).epsilon(1e-12));
  const Tensor c = covariance(rho);
  CHECK(c(0, 0) == doctest::Approx(2.0 / 3.0).epsilon(1e-10));
  CHECK(c(0, 1) == doctest::Approx(1.0 / 3.0).epsilon(1e-10));
  CHECK(entropy(rho) == doctest::Approx(std::log(std::sqrt(0.75) / M_PI) - 1.0).epsilon(1e-10));
  CHECK(kullback_leibler(rho, rho) == doctest::Approx(0.0));
}

TEST_CASE("reductions are the same to the last bit for any number of threads") {
  const Grid grid({{301, 0.0, 1.0}, {257, 0.0, 1.0}});
  const Field f = sample(grid, [](const Point& x) { return std::sin(100.0 * x[0]) * std::exp(x[1]); });
  const int before = threads();
  set_threads(1);
  const double one = integral(f);
  set_threads(3);
  CHECK(integral(f) == one);
  set_threads(before);
}
