#include "wpg/particle_companion.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/diagnostics/particles.hpp"
#include "wpg/error.hpp"
#include "wpg/initial.hpp"
#include "wpg/parallel.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/explicit_stage.hpp"
#include "wpg/schemes/heat_stage.hpp"
#include "wpg/schemes/pushforward_stage.hpp"
#include "wpg/schemes/stein_velocity.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;

namespace {

Problem problem_on(const Grid& grid, std::shared_ptr<const Potential> potential, Field initial) {
  Problem problem{grid, std::move(potential), {}, std::move(initial), std::nullopt, std::nullopt, std::nullopt};
  problem.initial_factor = normalise(problem.initial);
  return problem;
}

Problem gaussian_problem(const Grid& grid, const Gaussian& initial, const Gaussian& target) {
  const Tensor precision = oracle::inverse(target.covariance);
  Problem problem = problem_on(grid, std::make_shared<oracle::QuadraticPotential>(target.mean, precision),
                               oracle::gaussian_field(grid, exact::normal(initial)));
  problem.gaussian_initial = initial;
  problem.gaussian_target = target;
  return problem;
}

/// Pearson's statistic of the particles' counts in blocks of `width` cells against the density, in standard deviations
/// from its mean: the blocks that expect fewer than 20 particles are taken together.
double chi_square_deviations(const Particles& points, const Field& rho, Index width) {
  const Field counts = histogram(points, rho.grid);
  const double number = static_cast<double>(points.rows()) * rho.grid.cell_volume();
  const double mass = integral(rho);
  double rest_expected = 0.0, rest_counted = 0.0, statistic = 0.0;
  int bins = 0;
  const auto add = [&](double expected, double counted) {
    statistic += std::pow(counted - expected, 2) / expected;
    ++bins;
  };
  for (Index at = 0; at < rho.grid.size(); at += width) {
    const Index size = std::min(width, rho.grid.size() - at);
    const double expected = number * rho.values.segment(at, size).sum() / mass;
    const double counted = number * counts.values.segment(at, size).sum();
    if (expected >= 20.0) {
      add(expected, counted);
    } else {
      rest_expected += expected;
      rest_counted += counted;
    }
  }
  if (rest_expected > 5.0) add(rest_expected, rest_counted);
  REQUIRE(bins > 8);
  return (statistic - (bins - 1)) / std::sqrt(2.0 * (bins - 1));
}

/// The density and its Langevin particles after `steps` steps.
struct Pair {
  Field rho;
  Particles points;
};

Pair langevin(const Problem& problem, double gamma, int steps, Index count, std::uint64_t seed) {
  const auto companion = langevin_companion(problem, gamma, count, seed);
  Field rho = problem.initial;
  StepReport report;
  std::unique_ptr<PushforwardStage> push;
  if (problem.potential) push = std::make_unique<PushforwardStage>(problem.grid, *problem.potential, gamma);
  HeatStage heat(problem.grid, 2.0 * gamma);
  for (int k = 0; k < steps; ++k) {
    if (push) push->apply(rho, report);
    heat.apply(rho, report);
    companion->advance(report);
  }
  return {rho, companion->points()};
}

Grid line(Index cells, double lower, double upper, Boundary boundary) {
  return Grid({{cells, lower, upper, boundary}});
}

}  // namespace

TEST_CASE("particle companions: Langevin has the law of forward-flow where that has no closed form") {
  const Grid grid = line(192, -2.6, 2.6, Boundary::reflecting);
  const auto well = std::make_shared<DoubleWell>(1.2, 0.8, 1.0);
  const Problem problem = problem_on(grid, well, box_density(grid, point({0.2}), point({1.1})));
  const Pair pair = langevin(problem, 0.03, 12, 40000, 5);
  // Three deviations of a statistic that is nearly normal. Three steps more are too far already, and so is the
  // target: the test tells apart what it should.
  CHECK(std::abs(chi_square_deviations(pair.points, pair.rho, 4)) < 3.0);
  CHECK(chi_square_deviations(pair.points, gibbs_density(*well, grid), 4) > 100.0);
  const Pair later = langevin(problem, 0.03, 15, 40000, 5);
  CHECK(chi_square_deviations(pair.points, later.rho, 4) > 10.0);
}

TEST_CASE("particle companions: Langevin is mirrored and wrapped as the heat flow is") {
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    const Grid grid = line(64, -1.0, 1.0, boundary);
    const Problem problem = problem_on(grid, nullptr, box_density(grid, point({0.5}), point({1.0})));
    const Pair pair = langevin(problem, 0.02, 4, 40000, 2);
    CHECK(std::abs(chi_square_deviations(pair.points, pair.rho, 2)) < 3.0);
    CHECK(integral(histogram(pair.points, grid)) == doctest::Approx(1.0).epsilon(1e-12));
  }
  const Grid free = line(64, -1.0, 1.0, Boundary::free);
  const Pair pair =
      langevin(problem_on(free, nullptr, box_density(free, point({0.5}), point({1.0}))), 0.02, 4, 4000, 2);
  // Of a uniform start plus N(0, 0.16), 0.27868 lies outside.
  CHECK(std::abs(1.0 - integral(histogram(pair.points, free)) - 0.27868) < 4.0 * std::sqrt(0.2 / 4000.0));
}

TEST_CASE("particle companions: forward-backward particles keep the law of the recursion") {
  const Grid grid = oracle::cube(2, 64, -6.0, 6.0);
  const Gaussian initial{point({-1.0, 1.0}), tensor({0.55, -0.35, -0.35, 0.55})};
  const Gaussian target{point({0.5, -0.5}), tensor({0.8, -0.4, -0.4, 1.2})};
  const auto companion = proximal_companion(gaussian_problem(grid, initial, target), 0.2, 20000, 3);
  exact::GaussianRecursion recursion("forward-backward", exact::normal(initial),
                                     exact::potential_of(exact::normal(target)), {0.2});
  for (int k = 0; k < 12; ++k) {
    companion->advance({});
    recursion.advance();
  }
  // Against the density of the recursion, in blocks of four cells along x.
  const Field law = oracle::gaussian_field(grid, recursion.law());
  CHECK(std::abs(chi_square_deviations(companion->points(), law, 4)) < 3.0);
  CHECK(chi_square_deviations(companion->points(), oracle::gaussian_field(grid, exact::normal(initial)), 4) > 30.0);
}

namespace {

/// Root mean square of W2 between Stein particles and their mean field, for several numbers of particles: its order.
double stein_order(double gamma, int steps, bool divided) {
  const Grid grid = line(160, -4.0, 4.0, Boundary::reflecting);
  const auto well = std::make_shared<DoubleWell>(1.2, 0.8, 1.0);
  Field rho = sample(grid, [](const Point& x) { return std::exp(-4.0 * std::pow(x[0] - 0.9, 2)); });
  const Problem problem = problem_on(grid, well, rho);
  const RadialKernel kernel = gaussian_kernel(0.7);
  std::vector<StepReport> reports(static_cast<std::size_t>(steps));
  rho = problem.initial;
  ExplicitStage stage(grid, gamma, std::make_unique<SteinVelocity>(grid, *well, kernel));
  for (StepReport& report : reports) stage.apply(rho, report);
  CHECK((reports[0].transport.substeps > 1) == divided);
  std::vector<double> counts, distances;
  for (const Index count : {40, 120, 360}) {
    double squares = 0.0;
    for (std::uint64_t seed = 1; seed <= 32; ++seed) {
      const auto companion = stein_companion(problem, kernel, gamma, count, seed);
      for (const StepReport& report : reports) companion->advance(report);
      squares += marginal_w2_squared(companion->points(), rho) / 32.0;
    }
    counts.push_back(static_cast<double>(count));
    distances.push_back(std::sqrt(squares));
  }
  CHECK(distances.back() < 0.06);
  return oracle::fitted_order(counts, distances);
}

}  // namespace

TEST_CASE("particle companions: Stein particles tend to their mean field as N^-1/2 in W2") {
  // The mean of 32 squared distances has a relative error of 25 %, half of that in the distance: 0.08 in the order.
  for (const double order : {stein_order(0.4, 4, false), stein_order(1.5, 2, true)}) {
    // Measured: -0.52 and -0.54.
    CHECK(order > -0.65);
    CHECK(order < -0.38);
  }
}

TEST_CASE("particle companions: the same for a seed and for any number of threads, and another for another seed") {
  const Grid grid = oracle::cube(2, 16, -4.0, 4.0);
  const Gaussian initial{point({-1.0, 1.0}), tensor({0.5, 0.1, 0.1, 0.4})};
  const Gaussian target{point({0.0, 0.0}), tensor({1.0, 0.2, 0.2, 0.8})};
  const Problem problem = gaussian_problem(grid, initial, target);
  const auto all = [&](std::uint64_t seed, int count) {
    set_threads(count);
    std::vector<Particles> results;
    std::vector<std::unique_ptr<ParticleCompanion>> companions;
    companions.push_back(langevin_companion(problem, 0.2, 300, seed));
    companions.push_back(stein_companion(problem, gaussian_kernel(0.6), 0.2, 300, seed));
    companions.push_back(proximal_companion(problem, 0.2, 300, seed));
    for (const auto& companion : companions) {
      for (int k = 0; k < 5; ++k) companion->advance({});
      results.push_back(companion->points());
    }
    return results;
  };
  const int before = threads();
  const auto first = all(7, 1);
  const auto same = all(7, 1);
  const auto threaded = all(7, 3);
  const auto other = all(8, 1);
  set_threads(before);
  for (std::size_t k = 0; k < first.size(); ++k) {
    CHECK(first[k] == same[k]);
    CHECK(first[k] == threaded[k]);
    CHECK((first[k] - other[k]).cwiseAbs().minCoeff() > 0.0);
  }
}

TEST_CASE("particle companions: they start from the Gaussian itself where the box holds it, else from the cells") {
  const Gaussian law{point({0.0}), tensor({1.0})};
  const auto start = [&](double half_width, Index cells) {
    NormalNumbers random(1);
    return draw_initial(gaussian_problem(line(cells, -half_width, half_width, Boundary::reflecting), law, law), 500,
                        random);
  };
  CHECK(start(6.0, 64) == start(7.0, 96));
  const Particles cut = start(1.0, 64);
  CHECK(cut.cwiseAbs().maxCoeff() <= 1.0);
}

TEST_CASE("particle companions: refuse problems without them") {
  const Grid grid = line(64, -4.0, 4.0, Boundary::reflecting);
  const Grid circle = line(64, -4.0, 4.0, Boundary::periodic);
  const Gaussian law{point({0.0}), tensor({1.0})};
  const auto well = std::make_shared<DoubleWell>(1.2, 0.8, 1.0);
  const Problem box = problem_on(grid, well, box_density(grid, point({0.0}), point({1.0})));
  CHECK_THROWS_AS(proximal_companion(box, 0.1, 10, 1), InvalidValue);
  CHECK_THROWS_AS(proximal_companion(gaussian_problem(circle, law, law), 0.1, 10, 1), InvalidValue);
  CHECK_THROWS_AS(proximal_companion(gaussian_problem(grid, law, law), 1.0, 10, 1), InvalidValue);
  CHECK_THROWS_AS(stein_companion(gaussian_problem(circle, law, law), gaussian_kernel(1.0), 0.1, 10, 1), InvalidValue);
  CHECK_THROWS_AS(langevin_companion(box, 0.1, 0, 1), InvalidValue);
}
