#include <doctest/doctest.h>

#include <cmath>

#include "dense_oracles.hpp"
#include "jko/axis_preconditioner.hpp"
#include "random_values.hpp"
#include "wpg/parallel.hpp"

using namespace wpg;
using wpg::test::random_values;

namespace {

constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};
constexpr double gamma_prime = 0.1;
constexpr double epsilon = 0.004;

/// 1 + epsilon (log q)'' by second differences, kept positive; at a wall the neighbour's.
double variance(const Axis& axis, const Values& log_q, Index i) {
  const Index n = axis.cells;
  const bool wraps = axis.boundary == Boundary::periodic;
  const Index c = wraps ? i : std::min(std::max<Index>(i, 1), n - 2);
  const double second = log_q[(c + n - 1) % n] - 2.0 * log_q[c] + log_q[(c + 1) % n];
  return std::max(1.0 + epsilon * second / (axis.spacing() * axis.spacing()), 1e-3);
}

/// The matrix of z - (gamma' + epsilon) (1/rho) (rho T z')' on one axis, entry by entry.
Eigen::MatrixXd dense_operator(const Axis& axis, const Values& log_q, const Values& log_rho) {
  const Index n = axis.cells;
  const double coupling = (gamma_prime + epsilon) / (axis.spacing() * axis.spacing());
  Eigen::MatrixXd a = Eigen::MatrixXd::Identity(n, n);
  const auto couple = [&](Index i, Index j) {
    const double fall = log_rho[i] - log_rho[j];  // Scharfetter, Gummel: x/(e^x - 1)
    const double bernoulli = std::abs(fall) < 1e-8 ? 1.0 - 0.5 * fall : fall / std::expm1(fall);
    const double weight = coupling * bernoulli / std::min(variance(axis, log_q, i), variance(axis, log_q, j));
    a(i, i) += weight;
    a(i, j) -= weight;
  };
  for (Index i = 0; i < n; ++i) {
    const Index j = (i + 1) % n;
    if (j == 0 && axis.boundary != Boundary::periodic) continue;
    couple(i, j);
    couple(j, i);
  }
  return a;
}

struct Fields {
  Values log_q, log_rho;
};

/// Smooth, with a Gaussian fall of log rho by `depth` towards the ends.
Fields smooth_fields(const Grid& grid, double depth) {
  const auto wave = [](const Point& x) {
    double sum = 0.0;
    for (Index k = 0; k < x.size(); ++k) sum += std::cos(2.0 * M_PI * x[k]);
    return sum;
  };
  return {sample(grid, [&](const Point& x) { return 2.0 * wave(x); }).values,
          sample(grid, [&](const Point& x) { return -depth * wave(x); }).values};
}

Fields rough_fields(const Grid& grid, double range) {
  return {random_values(grid.size(), -range, range, 1), random_values(grid.size(), -range, range, 2)};
}

Values applied(const Grid& grid, const Fields& fields, const Values& right) {
  AxisPreconditioner preconditioner(grid, gamma_prime, epsilon);
  preconditioner.update(fields.log_q, fields.log_rho, Values::Ones(grid.size()), nullptr);
  Values z(right.size());
  preconditioner.apply(right, 1e300, false, z);
  return z;
}

}  // namespace

TEST_CASE("on one axis the axis preconditioner solves its screened Poisson equation, on every boundary") {
  for (const Boundary boundary : boundaries) {
    for (const Index n : {4, 16, 61}) {
      const Grid grid({{n, 0.0, 1.0, boundary}});
      const Values right = random_values(n, -1.0, 1.0, 3);
      for (const Fields& fields : {smooth_fields(grid, 1.0), smooth_fields(grid, 20.0), rough_fields(grid, 1.0)}) {
        const Eigen::MatrixXd a = dense_operator(grid.axis(0), fields.log_q, fields.log_rho);
        const Eigen::VectorXd dense = oracle::factorised(a)(right.matrix());
        CAPTURE(n);
        CAPTURE(static_cast<int>(boundary));
        // The matrix's condition, up to 1e4 times the ratio of neighbours' rho, bounds what the dense solve gives.
        CHECK((applied(grid, fields, right) - dense.array()).abs().maxCoeff() < 1e-9);
      }
    }
  }
}

TEST_CASE("on two axes it is the product of the axes' operators, x first") {
  const Grid grid({{13, 0.0, 1.0, Boundary::free}, {10, 0.0, 1.0, Boundary::periodic}});
  const Fields fields = smooth_fields(grid, 1.0);
  Values z = random_values(grid.size(), -1.0, 1.0, 3);
  const Values result = applied(grid, fields, z);
  for (int axis = 0; axis < 2; ++axis) {
    const Lines all = lines(grid, axis);
    using Strided = Eigen::Map<Values, 0, Eigen::InnerStride<>>;
    const auto line = [&](Values& f, Index k) {
      return Strided(f.data() + all.first(k), all.length, Eigen::InnerStride<>(all.stride));
    };
    Values log_q = fields.log_q;
    Values log_rho = fields.log_rho;
    for (Index k = 0; k < all.count; ++k) {
      const Eigen::MatrixXd a = dense_operator(grid.axis(axis), line(log_q, k), line(log_rho, k));
      line(z, k) = oracle::factorised(a)(line(z, k).matrix()).array();
    }
  }
  CHECK((result - z).abs().maxCoeff() < 1e-12);
}

TEST_CASE("it obeys a maximum principle and keeps constants, at any range of rho") {
  for (const Boundary boundary : boundaries) {
    const Grid plane({{29, 0.0, 1.0, boundary}, {18, 0.0, 1.0, boundary}});
    const Grid space({{9, 0.0, 1.0, boundary}, {8, 0.0, 1.0, boundary}, {7, 0.0, 1.0, boundary}});
    for (const Grid& grid : {plane, space}) {
      for (const double range : {1.0, 100.0, 1e4}) {
        const Values right = random_values(grid.size(), -1.0, 1.0, 3);
        const Fields fields = rough_fields(grid, range);
        const Values z = applied(grid, fields, right);
        CAPTURE(range);
        CHECK(z.maxCoeff() <= right.maxCoeff() + 1e-13);
        CHECK(z.minCoeff() >= right.minCoeff() - 1e-13);
        // Couplings reach 1e7 times the diagonal's one, and lose as much of its rounding.
        CHECK((applied(grid, fields, Values::Constant(grid.size(), 0.7)) - 0.7).abs().maxCoeff() < 1e-8);
      }
    }
  }
}

TEST_CASE("it weighs every cell by its density: the rho-weighted sum of a line is kept") {
  // Fluxes cancel: 1/rho times a divergence.
  for (const Boundary boundary : boundaries) {
    const Grid grid({{50, 0.0, 1.0, boundary}});
    const Fields fields = smooth_fields(grid, 5.0);
    const Values rho = fields.log_rho.exp();
    const Values right = random_values(50, -1.0, 1.0, 3);
    const double kept = (rho * applied(grid, fields, right)).sum();
    CHECK(kept == doctest::Approx((rho * right).sum()).epsilon(1e-11));
  }
}

TEST_CASE("it gives the same bits for any number of threads") {
  const int before = threads();
  const Grid grid({{40, 0.0, 1.0}, {37, 0.0, 1.0, Boundary::periodic}});
  const Fields fields = rough_fields(grid, 10.0);
  const Values right = random_values(grid.size(), -1.0, 1.0, 3);
  set_threads(1);
  const Values one = applied(grid, fields, right);
  set_threads(3);
  const Values three = applied(grid, fields, right);
  set_threads(before);
  CHECK((one == three).all());
}
