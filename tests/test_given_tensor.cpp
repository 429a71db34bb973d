#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>

#include "jko/given_tensor.hpp"
#include "jko_cases.hpp"
#include "oracles.hpp"

// The tensor that one side of a coupling gives to the other.

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

}  // namespace

TEST_CASE("givers' mass and covariance reach the cells around their means") {
  // Laws contract by 1/2 along the diagonal and 1/4 across it, or the axes: a cell takes 8 givers' masses.
  const Grid grid({{96, -3.0, 3.0, Boundary::free}, {120, -3.0, 3.0, Boundary::free}});
  const double hx = grid.axis(0).spacing(), hy = grid.axis(1).spacing();
  const double epsilon = 1.7 * square(grid.largest_spacing());
  for (const double angle : {0.0, 0.25 * M_PI, 0.4}) {
    const Eigen::Matrix2d turn = rotation(angle);
    const Eigen::Matrix2d S = turn * Eigen::Vector2d(0.5, 0.25).asDiagonal() * turn.transpose();
    const Eigen::Matrix2d hessian = (S - Eigen::Matrix2d::Identity()) / epsilon;
    const Values log_potential = sample(grid, [&](const Point& x) { return 0.5 * x.dot(hessian * x); }).values;
    GivenTensor tensor(grid, epsilon);
    tensor.update(log_potential, Values::Constant(grid.size(), std::log(0.3)), std::log(0.1));
    double mass = 0.0;
    for (Index k = 0; k < grid.size(); ++k) mass += tensor.at(k)[0];
    Eigen::Vector4d sum = Eigen::Vector4d::Zero();
    for (Index j = 56; j < 64; ++j) {  // over which the givers' lattice averages out
      for (Index i = 44; i < 52; ++i) sum += numbers(tensor.at(j * 96 + i));
    }
    const double givers = 3.0 * 64.0 / (0.5 * 0.25);
    CAPTURE(angle);
    CHECK(mass == doctest::Approx(3.0 * static_cast<double>(grid.size())).epsilon(1e-5));
    CHECK(sum[0] == doctest::Approx(givers).epsilon(0.02));
    CHECK(sum[1] == doctest::Approx(givers * epsilon * S(0, 0) / (hx * hx)).epsilon(0.02));
    CHECK(sum[2] == doctest::Approx(givers * epsilon * S(0, 1) / (hx * hy)).epsilon(0.02).scale(givers));
    CHECK(sum[3] == doctest::Approx(givers * epsilon * S(1, 1) / (hy * hy)).epsilon(0.02));
  }
}
