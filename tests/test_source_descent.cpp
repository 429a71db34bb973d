#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "dense_kernel.hpp"
#include "jko/source_descent.hpp"
#include "jko_cases.hpp"
#include "oracles.hpp"
#include "random_values.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

// The side of the source: the covariance that targets carry there, its equation, and the descent that uses it.

using namespace wpg;
using namespace wpg::oracle;
using namespace wpg::test;

namespace {

Eigen::Vector4d numbers(GivenTensor::Entry entry) { return {entry[0], entry[1], entry[2], entry[3]}; }

/// A level, and the descent on it from the heat flow's potential.
struct Descended {
  Descended(const Field& nu, double ratio, double tolerance, int budget)
      : epsilon(square(nu.grid.largest_spacing())),
        level(nu.grid, epsilon, jko_options(ratio * epsilon, epsilon)),
        work(nu.grid.size(), 1),
        descent(level, work),
        guess(nu.grid.size()) {
    level.set_source(nu.values);
    Values lambda = nu.values.log();
    TruncatedKernel(nu.grid, 2.0 * ratio * epsilon).apply_log(lambda, lambda);
    level.source_potential(lambda, guess);
    reached = descent.run(guess, tolerance, budget);
  }

  double epsilon;
  Level level;
  Workspace work;
  SourceDescent descent;
  Values guess;
  bool reached;
};

/// Row i, column y: the coupling's conditional laws on the source cells `at`, of y given x and of x given y.
struct Laws {
  Laws(const Descended& solved, const Values& phi, const std::vector<Index>& at)
      : forward(static_cast<Index>(at.size()), phi.size()), backward(forward.rows(), phi.size()) {
    const Grid& grid = solved.level.grid;
    const DenseKernel kernel(grid, solved.epsilon);
    const Values log_v = -solved.level.gamma_prime / solved.epsilon * solved.work.current.lambda;
    const Index n = grid.axis(0).cells;
    for (Index i = 0; i < forward.rows(); ++i) {
      const Index x = at[static_cast<std::size_t>(i)];
      for (Index y = 0; y < phi.size(); ++y) {
        const double weight = kernel.entry(0, x % n, y % n) * kernel.entry(1, x / n, y / n);
        forward(i, y) = weight * std::exp(log_v[y] - phi[x]);
        backward(i, y) = weight * std::exp(solved.level.log_mass()[x] - phi[x] - solved.work.current.log_q[y]);
      }
    }
  }
  Eigen::MatrixXd forward, backward;
};

}  // namespace

TEST_CASE("between two sources the covariance reaches from the one to the other") {
  // Two sources of one mass, 20 columns apart, in a row or on a diagonal; the seam passes through cells or beside them.
  const Grid grid = cube(2, 48, 0.0, 48.0, Boundary::free);
  for (const auto& offset : {std::pair<Index, double>{0, 0.0}, {0, 0.37}, {20, 0.0}}) {
    const Index up = offset.first;
    const double aside = offset.second;
    const Point a = grid.center(14 + 48 * 14) + aside * point({1.0, 0.0}),
                b = grid.center(34 + 48 * (14 + up)) + aside * point({1.0, 0.0});
    const Field log_q = sample(grid, [&](const Point& y) {
      const double p = -0.5 * (y - a).squaredNorm(), q = -0.5 * (y - b).squaredNorm();
      return std::max(p, q) + std::log1p(std::exp(-std::abs(p - q)));
    });
    GivenTensor tensor(grid, 1.0);
    tensor.update(log_q.values, Values::Zero(grid.size()), 0.0);
    CAPTURE(up);
    CAPTURE(aside);
    for (Index k = 1; k < 20; ++k) {
      CAPTURE(k);
      CHECK(numbers(tensor.at(14 + k + 48 * (14 + (up > 0 ? k : 0))))[1] > 0.3);
    }
    // Next to nothing lies beyond either source.
    CHECK(numbers(tensor.at(14 + 48 * 8))[0] < 0.01);
    CHECK(numbers(tensor.at(42 + 48 * (14 + up)))[0] < 0.01);
  }
}

TEST_CASE("a source that a seam crosses takes part on both of its sides") {
  Field nu(Grid({{32, 0.0, 32.0, Boundary::periodic}, {40, 0.0, 40.0, Boundary::periodic}}));
  const auto shifted = [&](Index by_x, Index by_y) {
    Field moved(nu.grid);
    for (Index j = 0; j < 40; ++j) {
      for (Index i = 0; i < 32; ++i) {
        moved.values[(i + by_x) % 32 + 32 * ((j + by_y) % 40)] = square(i - 15.0) + square(j - 19.0) < 36.0 ? 1.0 : 0.0;
      }
    }
    return unit_mass(std::move(moved));
  };
  const Descended inside(shifted(0, 0), 20.0, 1e-9, 40), across(shifted(16, 20), 20.0, 1e-9, 40);
  CHECK(inside.reached);
  CHECK(across.reached);
  double largest = 0.0;
  for (Index k = 0; k < nu.grid.size(); ++k) {
    const Index moved = (k % 32 + 16) % 32 + 32 * ((k / 32 + 20) % 40);
    largest = std::max(largest, std::abs(inside.work.current.log_rho[k] - across.work.current.log_rho[moved]) *
                                    std::exp(inside.work.current.log_rho[k]));
  }
  CHECK(largest <= 1e-9);
  CHECK(std::abs(inside.descent.evaluations() - across.descent.evaluations()) <= 1);
}

TEST_CASE("steps on the side of the source contract near the solution as the equation says") {
  // The largest eigenvalue of I - (0.75 I + g B)(I - kappa Q), Q dense and B the multigrid cycle, by power iteration.
  const Grid grid({{32, -4.0, 4.0}, {28, -3.5, 3.5, Boundary::free}});
  for (const std::string name : {"disc", "ring", "random", "image"}) {
    const auto shapes = plane_shapes();
    const auto shape = std::find_if(shapes.begin(), shapes.end(), [&](const Shape& s) { return s.name == name; });
    const Field nu = shape->on(grid);
    const Descended solved(nu, 30.0, 1e-10, 60);
    CAPTURE(name);
    REQUIRE(solved.reached);
    CHECK(solved.work.current.error() <= 1e-10);
    Values phi(grid.size());
    Level level(grid, solved.epsilon, jko_options(30.0 * solved.epsilon, solved.epsilon));
    level.set_source(nu.values);
    level.source_potential(solved.work.current.lambda, phi);
    std::vector<Index> at;
    for (Index k = 0; k < grid.size(); ++k) {
      if (nu.values[k] > 0.0) at.push_back(k);
    }
    const Laws laws(solved, phi, at);
    SourceEquation equation(grid, level.gamma_prime, level.epsilon);
    equation.update(solved.work.current.log_q, solved.work.current.lambda, nu.values, Values::Zero(grid.size()),
                    nu.values.maxCoeff());
    Values e = random_values(grid.size(), -1.0, 1.0), z(grid.size());
    const auto step = [&] {
      Eigen::VectorXd on_source(laws.forward.rows());
      for (std::size_t i = 0; i < at.size(); ++i) on_source[static_cast<Index>(i)] = e[at[i]];
      const Eigen::VectorXd r =
          on_source - level.kappa * (laws.forward * (laws.backward.transpose() * on_source).eval());
      z.setZero();
      for (std::size_t i = 0; i < at.size(); ++i) z[at[i]] = r[static_cast<Index>(i)];
      equation.apply(nu.values, z);
      for (std::size_t i = 0; i < at.size(); ++i) {
        e[at[i]] -= 0.75 * r[static_cast<Index>(i)] + level.kappa / (1.0 - level.kappa) * z[at[i]];
      }
    };
    const auto size = [&] { return std::sqrt((nu.values * e.square()).sum()); };
    for (int k = 0; k < 20; ++k) step();
    const double before = size();
    for (int k = 0; k < 20; ++k) step();
    const double rate = std::pow(size() / before, 1.0 / 20);
    MESSAGE(name << ": a step leaves " << rate);
    CHECK(rate <= 0.5);
    CHECK(rate >= 0.15);
  }
}

TEST_CASE("the side of the source is given up where it does not lead on, with its best lambda") {
  const Grid grid = cube(2, 32, -4.0, 4.0);
  const Field nu = plane_shapes()[2].on(grid);
  Descended solved(nu, 100.0, 1e-9, 2);
  CHECK_FALSE(solved.reached);
  CHECK(solved.descent.evaluations() == 2);
  CHECK(solved.work.current.lambda.allFinite());
  // Not even a guess that is off by hundreds makes it leave anything but numbers.
  const Values wild = solved.guess + random_values(grid.size(), -300.0, 300.0);
  solved.descent.run(wild, 1e-9, 60);
  CHECK(solved.work.current.lambda.allFinite());
}

TEST_CASE("from a guess that is far off the first step is a plain one") {
  const Grid grid = cube(2, 32, -4.0, 4.0);
  Descended solved(plane_shapes()[2].on(grid), 100.0, 1e-9, 1);
  const Values far = solved.guess + random_values(grid.size(), -10.0, 10.0);
  Iterate expected(grid.size());
  Values response = far;
  solved.level.start_from_source(far, expected);
  solved.level.source_response(expected.lambda, response);
  solved.level.start_from_source(response, expected);
  solved.descent.run(far, 1e-9, 2);
  // To the rounding of potentials of some hundreds.
  CHECK((solved.work.current.lambda - expected.lambda).abs().maxCoeff() < 1e-11);
}

TEST_CASE("it serves sources that count nearly everywhere, from gamma/epsilon = 10 on") {
  const Grid grid = cube(2, 32, -4.0, 4.0);
  const Field disc = plane_shapes()[2].on(grid);
  const Field floor = unit_mass({grid, disc.values + 1e-9});
  CHECK(Descended(disc, 20.0, 1e-2, 1).descent.serves());
  CHECK_FALSE(Descended(disc, 8.0, 1e-2, 1).descent.serves());
  CHECK_FALSE(Descended(floor, 20.0, 1e-2, 1).descent.serves());
}
