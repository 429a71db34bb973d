#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/difference.hpp"
#include "wpg/energies/entropy.hpp"
#include "wpg/energies/potential_energy.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/initial.hpp"
#include "wpg/parallel.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/descent_velocity.hpp"
#include "wpg/schemes/explicit_stage.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;

namespace {

ExplicitStage descent(const Grid& grid, const Potential& V, double gamma, Substeps substeps = Substeps::automatic) {
  std::vector<std::shared_ptr<const Energy>> energies{std::make_shared<const Entropy>(),
                                                      std::make_shared<const PotentialEnergy>(grid, V)};
  return {grid, gamma, std::make_unique<DescentVelocity>(grid, energies), substeps};
}

const oracle::QuadraticPotential V_1d(point({0.2}), tensor({1.3}));

exact::Normal law_1d(double mean, double variance) {
  return {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

/// Displacement of a field of smooth waves, and its derivatives, for the interpolation.
double wave(double x, double y) { return std::sin(0.9 * x + 0.3) * std::cos(0.7 * y - 0.2); }

/// Largest error of the interpolated map and of its Jacobian at points of [-1, 1]^2 off the lattice.
std::pair<double, double> interpolation_error(Index cells, Ends ends, double lower, double upper) {
  const Grid grid = oracle::cube(2, cells, lower, upper);
  transport::SplineMap map(grid, ends);
  const auto field = sample(grid, [](const Point& x) { return wave(x[0], x[1]); });
  map.set({field.values, 0.5 * field.values});
  map.set_step(1.0);
  double worst = 0.0;
  double slope = 0.0;
  for (int k = 0; k < 400; ++k) {
    const Point x = point({std::cos(1.7 * k), std::sin(0.37 * k * k)});
    worst = std::max(worst, std::abs(map.value(x)[0] - x[0] - wave(x[0], x[1])));
    worst = std::max(worst, std::abs(map.value(x)[1] - x[1] - 0.5 * wave(x[0], x[1])));
    const double dx = 0.9 * std::cos(0.9 * x[0] + 0.3) * std::cos(0.7 * x[1] - 0.2);
    slope = std::max(slope, std::abs(map.jacobian(x)(1, 0) - 0.5 * dx));
  }
  return {worst, slope};
}

}  // namespace

TEST_CASE("forward: the interpolated map has order 4, its Jacobian order 3, and both agree") {
  // Far from the ends, and up to them.
  for (const auto& [ends, end] : {std::pair{Ends::mirrored, 3.0}, std::pair{Ends::extrapolated, 1.0}}) {
    std::vector<double> h;
    std::vector<double> value;
    std::vector<double> slope;
    for (const Index cells : {32, 64, 128}) {
      const auto [v, s] = interpolation_error(cells, ends, -end, end);
      h.push_back(1.0 / static_cast<double>(cells));
      value.push_back(v);
      slope.push_back(s);
    }
    CHECK(oracle::fitted_order(h, value) == doctest::Approx(4.0).epsilon(0.06));
    CHECK(oracle::fitted_order(h, slope) == doctest::Approx(3.0).epsilon(0.06));
  }
}

TEST_CASE("forward: mirrored and periodic ends of the interpolated map") {
  const Grid grid({{16, 0.0, 2.0, Boundary::reflecting}, {16, 0.0, 2.0, Boundary::periodic}});
  transport::SplineMap map(grid, Ends::mirrored);
  const auto along = sample(grid, [](const Point& x) { return 1.0 + std::sin(std::numbers::pi * x[1]); });
  map.set({along.values, along.values});
  map.set_step(1.0);
  for (const double y : {0.0, 0.3, 1.9}) {
    CHECK(map.value(point({0.0, y}))[0] == doctest::Approx(0.0).epsilon(1e-14));
    CHECK(map.value(point({2.0, y}))[0] == doctest::Approx(2.0).epsilon(1e-14));
    CHECK(map.value(point({0.7, y}))[0] == doctest::Approx(1.7 + std::sin(std::numbers::pi * y)).epsilon(1e-3));
  }
  for (const double x : {0.0, 0.4, 2.0}) {
    CHECK(map.value(point({x, 2.0}))[1] - 2.0 == doctest::Approx(map.value(point({x, 0.0}))[1]).epsilon(1e-13));
  }
}

TEST_CASE("forward: differences have order 4 and keep a constant exactly") {
  std::vector<double> h;
  std::vector<double> error;
  for (const Index cells : {32, 64, 128}) {
    const Grid grid({{8, 0.0, 1.0, Boundary::periodic}, {cells, 0.0, 2.0, Boundary::periodic}});
    const auto f = sample(grid, [](const Point& x) { return std::sin(2.0 * std::numbers::pi * x[1]); });
    Values d(grid.size());
    difference(grid, 1, Ends::mirrored, f.values, -2.0, d);
    const auto exact =
        sample(grid, [](const Point& x) { return -4.0 * std::numbers::pi * std::cos(2.0 * std::numbers::pi * x[1]); });
    h.push_back(grid.axis(1).spacing());
    error.push_back((d - exact.values).abs().maxCoeff());
    difference(grid, 0, Ends::mirrored, f.values, 1.0, d);
    CHECK(d.abs().maxCoeff() == 0.0);
  }
  CHECK(oracle::fitted_order(h, error) == doctest::Approx(4.0).epsilon(0.05));
}

TEST_CASE("forward: differences are exact for cubics at extrapolated ends") {
  const Grid grid({{9, -1.0, 1.3}, {4, 0.0, 2.0}});
  const auto f = sample(grid, [](const Point& x) { return std::pow(x[0], 3) - 2.0 * std::pow(x[1], 3) + x[0] * x[1]; });
  Values d(grid.size());
  difference(grid, 0, Ends::extrapolated, f.values, 1.0, d);
  CHECK((d - sample(grid, [](const Point& x) { return 3.0 * x[0] * x[0] + x[1]; }).values).abs().maxCoeff() < 1e-13);
  difference(grid, 1, Ends::extrapolated, f.values, 1.0, d);
  CHECK((d - sample(grid, [](const Point& x) { return x[0] - 6.0 * x[1] * x[1]; }).values).abs().maxCoeff() < 1e-13);
}

TEST_CASE("forward: one step agrees with the closed form in one and two dimensions") {
  const exact::Normal law{Eigen::Vector2d(-0.5, 0.6), (Eigen::Matrix2d() << 0.5, 0.2, 0.2, 0.4).finished()};
  const oracle::QuadraticPotential V(point({0.3, -0.2}), tensor({1.5, 0.6, 0.6, 0.9}));
  std::vector<double> h;
  std::vector<double> error;
  for (const Index cells : {40, 56, 80}) {
    const Grid grid = oracle::cube(2, cells, -5.0, 5.0);
    const double gamma = 1e-3;  // below the limit of all three grids
    Field rho = oracle::gaussian_field(grid, law);
    StepReport report;
    descent(grid, V, gamma).apply(rho, report);
    CHECK(report.transport.substeps == 1);
    h.push_back(grid.largest_spacing());
    error.push_back(l1_distance(rho, oracle::gaussian_field(grid, exact::forward(law, V.closed_form(), gamma))));
    CHECK(std::abs(integral(rho) - 1.0) < 1e-7);
  }
  CHECK(error.back() < 2e-6);
  // The velocity is linear here, so the order is that of the pushforward, six.
  CHECK(oracle::fitted_order(h, error) > 4.0);
}

TEST_CASE("forward: first order in gamma against Ornstein-Uhlenbeck") {
  const Grid grid = oracle::cube(1, 80, -5.0, 5.0);
  std::vector<double> gammas;
  std::vector<double> errors;
  const exact::Normal law = exact::ornstein_uhlenbeck(law_1d(1.0, 0.6), V_1d.closed_form(), 0.4);
  for (const int steps : {80, 160, 320}) {
    Field rho = oracle::gaussian_field(grid, law_1d(1.0, 0.6));
    normalise(rho);
    ExplicitStage stage = descent(grid, V_1d, 0.4 / steps, Substeps::refuse);
    StepReport report;
    for (int k = 0; k < steps; ++k) stage.apply(rho, report);
    gammas.push_back(0.4 / steps);
    errors.push_back(l1_distance(rho, oracle::gaussian_field(grid, law)));
    CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
    CHECK(rho.values.minCoeff() > 0.0);
  }
  CHECK(oracle::fitted_order(gammas, errors) == doctest::Approx(1.0).epsilon(0.06));
}

TEST_CASE("forward: the target stays up to the fourth order in h, and long steps are divided") {
  const DoubleWell V(1.2, 1.5, 1.0);
  std::vector<double> h;
  std::vector<double> bias;
  for (const Index cells : {90, 120, 160}) {
    const Grid grid = oracle::cube(1, cells, -2.4, 2.4);
    const Field target = gibbs_density(V, grid);
    Field rho = target;
    ExplicitStage stage = descent(grid, V, 0.1);
    StepReport report;
    stage.apply(rho, report);
    CHECK(report.transport.substeps >= static_cast<int>(0.1 * laplacian_bound(grid)));
    for (int k = 0; k < 5; ++k) stage.apply(rho, report);
    h.push_back(grid.axis(0).spacing());
    bias.push_back(l1_distance(rho, target));
    CHECK(std::abs(integral(rho) - 1.0) < 1e-12);
  }
  // The velocity is zero at the target; each of the 1/h^2 parts of a step has the remap's error of sixth order.
  CHECK(bias.back() < 1e-4);
  CHECK(oracle::fitted_order(h, bias) == doctest::Approx(4.0).epsilon(0.2));
}

TEST_CASE("forward: what it cannot do it refuses by name") {
  const Grid grid = oracle::cube(1, 64, -3.0, 3.0);
  StepReport report;
  Field rho = box_density(grid, point({-1.0}), point({1.0}));
  CHECK_THROWS_WITH_AS(descent(grid, V_1d, 1e-4).apply(rho, report), doctest::Contains("grad log rho"), UsageError);
  Field smooth = oracle::gaussian_field(grid, law_1d(0.0, 0.5));
  CHECK_THROWS_WITH_AS(descent(grid, V_1d, 0.5, Substeps::refuse).apply(smooth, report),
                       doctest::Contains("scheme.gamma = 0.5: must be at most"), UsageError);
  CHECK_THROWS_AS(descent(grid, V_1d, -1.0), InvalidValue);
  CHECK_THROWS_AS(descent(grid, V_1d, std::nan("")), InvalidValue);
  const std::string text =
      "[grid]\ncells = 64\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\n[initial]\ntype = gaussian\n"
      "[scheme]\nsteps = 1\ngamma = 0.01\n";
  const Config config = Config::parse(text + "name = forward\nsubsteps = many\n", ".");
  CHECK_THROWS_WITH_AS(make_scheme(config, make_problem(config)), doctest::Contains("auto or refuse"), UsageError);
  const Config other = Config::parse(text + "name = backward\nsubsteps = auto\n", ".");
  CHECK_THROWS_AS(make_scheme(other, make_problem(other)), UsageError);
}

TEST_CASE("forward: three dimensions, mixed boundaries and any number of threads") {
  const Grid grid({{20, -3.0, 3.0, Boundary::reflecting},
                   {16, 0.0, 2.0 * std::numbers::pi, Boundary::periodic},
                   {18, -3.0, 3.0, Boundary::free}});
  struct Wavy final : Potential {
    double value(const Point& x) const override { return 0.6 * x[0] * x[0] + std::cos(x[1]) + 0.5 * x[2] * x[2]; }
    Point gradient(const Point& x) const override { return point({1.2 * x[0], -std::sin(x[1]), x[2]}); }
    Tensor hessian(const Point& x) const override {
      return tensor({1.2, 0.0, 0.0, 0.0, -std::cos(x[1]), 0.0, 0.0, 0.0, 1.0});
    }
  } const V;
  const Field target = gibbs_density(V, grid);
  Field start = sample(grid, [](const Point& x) { return std::exp(-x[0] * x[0] - 0.7 * x[2] * x[2]); });
  normalise(start);
  const int before = threads();
  std::vector<Field> results;
  for (const int count : {1, 2}) {
    set_threads(count);
    results.push_back(start);
    StepReport report;
    descent(grid, V, 0.02).apply(results.back(), report);
  }
  set_threads(before);
  CHECK((results[0].values == results[1].values).all());
  CHECK(std::abs(integral(results[0]) - 1.0) < 1e-12);
  CHECK(results[0].values.minCoeff() > 0.0);
  CHECK(kullback_leibler(results[0], target) < 0.98 * kullback_leibler(start, target));
}
