#include <doctest/doctest.h>

#include <cmath>

#include "scratch_file.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;

namespace {

const std::string line = "[grid]\ncells = 64\nlower = -6\nupper = 6\n";
const std::string square = "[grid]\ncells = 48 32\nlower = -6\nupper = 6\n";
const std::string gaussian = "[initial]\ntype = gaussian\n";
const std::string flat = "[potential]\ntype = none\n";

Problem problem_of(const std::string& text) { return make_problem(Config::parse(text, ".")); }

/// The one line that a wrong case is answered with.
std::string complaint(const std::string& text) {
  try {
    problem_of(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

bool tells(const std::string& text, const std::string& start, const std::string& part) {
  const std::string answer = complaint(text);
  CAPTURE(answer);
  const bool good = answer.starts_with(start) && answer.find(part) != std::string::npos;
  CHECK(good);
  return good;
}

}  // namespace

TEST_CASE("a grid takes one value per axis or one for all") {
  const Grid grid = make_grid(
      Config::parse("[grid]\ncells = 8 16 4\nlower = -1\nupper = 1 2 3\nboundary = free periodic free\n", "."));
  REQUIRE(grid.dimension() == 3);
  CHECK(grid.axis(1) == Axis{16, -1.0, 2.0, Boundary::periodic});
  CHECK(grid.axis(2) == Axis{4, -1.0, 3.0, Boundary::free});
  CHECK(make_grid(Config::parse(square, ".")).axis(1) == Axis{32, -6.0, 6.0, Boundary::reflecting});
}

TEST_CASE("a grid that is none is refused by key") {
  const auto with = [](const std::string& grid) { return "[grid]\n" + grid + flat + gaussian; };
  tells(with("cells = 3\nlower = 0\nupper = 1\n"), "grid.cells = 3", "from 4");
  tells(with("cells = 8.5\nlower = 0\nupper = 1\n"), "grid.cells = 8.5", "whole");
  tells(with("cells = 8 8 8 8\nlower = 0\nupper = 1\n"), "grid.cells = 8 8 8 8", "1 to 3 axes");
  tells(with("lower = 0\nupper = 1\n"), "grid.cells is missing", "");
  tells(with("cells = 8\nlower = 0\n"), "grid.upper is missing", "");
  tells(with("cells = 8\nlower = 0\nupper = -1\n"), "grid.upper = -1", "above grid.lower");
  tells(with("cells = 8\nlower = nan\nupper = 1\n"), "grid.lower = nan", "finite");
  tells(with("cells = 8 8\nlower = 0 0 0\nupper = 1\n"), "grid.lower = 0 0 0", "2 numbers");
  tells(with("cells = 8\nlower = 0\nupper = 1\nboundary = open\n"), "grid.boundary = open", "reflecting, periodic");
  tells(with("cells = 8\nlower = 0\nupper = 1\nboundary = free free\n"), "grid.boundary = free free", "one for all");
}

TEST_CASE("a quadratic potential and a Gaussian start are Gaussian at both ends") {
  const Problem problem = problem_of(square +
                                     "[potential]\ntype = quadratic\nmean = 0.5 -0.5\nprecision = 2 1 1 2\n"
                                     "[initial]\ntype = gaussian\nmean = 1\ncovariance = 0.5\n");
  REQUIRE(problem.gaussian_target);
  REQUIRE(problem.gaussian_initial);
  CHECK(problem.gaussian_target->covariance(0, 1) == doctest::Approx(-1.0 / 3.0));
  CHECK(problem.gaussian_initial->mean == Point(Eigen::Vector2d(1, 1)));
  CHECK(problem.curvature.lambda == doctest::Approx(1.0));
  CHECK(problem.curvature.L == doctest::Approx(3.0));
  // Cut at five deviations and more, sampled at half a deviation.
  CHECK((mean(*problem.target) - problem.gaussian_target->mean).norm() < 1e-6);
  CHECK((covariance(*problem.target) - problem.gaussian_target->covariance).norm() < 1e-5);
  CHECK(integral(problem.initial) == doctest::Approx(1.0).epsilon(1e-14));
  CHECK(problem.initial_factor == doctest::Approx(1.0).epsilon(1e-6));
}

TEST_CASE("without a potential the target is uniform, or absent on a free axis") {
  const Problem closed = problem_of(square + flat + "[initial]\ntype = box\nlower = 0\nupper = 1 12\n");
  CHECK(closed.potential == nullptr);
  REQUIRE(closed.target);
  CHECK(closed.target->values.minCoeff() == doctest::Approx(1.0 / 144.0));
  CHECK(integral(*closed.target) == doctest::Approx(1.0));
  CHECK(closed.initial_factor == doctest::Approx(2.0));
  CHECK_FALSE(problem_of(square + "boundary = reflecting free\n" + flat + gaussian).target);
}

TEST_CASE("every potential can be named") {
  const std::string end = "\n" + gaussian;
  CHECK(problem_of(line + "[potential]\ntype = double-well\nwell = 2" + end).curvature.lambda < 0.0);
  CHECK(problem_of(square + "[potential]\ntype = banana\nbend = 0.2" + end).curvature.L > 1.0);
  CHECK(problem_of(line + "[potential]\ntype = expression\nV = x^2/2 + 3" + end).curvature.L == doctest::Approx(1.0));
  const Problem mixture = problem_of(
      square + "[potential]\ntype = gaussian-mixture\nweights = 1 3\nmeans = 2 0  -2 0\ncovariances = 0.5 1" + end);
  // The box cuts the wide component at four deviations along x, where it holds 3e-5; at six along y.
  CHECK(mean(*mixture.target)[0] == doctest::Approx(-1.0).epsilon(1e-3));
  CHECK(covariance(*mixture.target)(1, 1) == doctest::Approx(0.25 * 0.5 + 0.75).epsilon(1e-5));
  const ScratchFile data("d.csv", "id,t,y\na,1,0\nb,2,1\nc,3,0\nd,4,1\n");
  const Problem posterior = problem_of(square + "[potential]\ntype = logistic\ndata = " + data.path() +
                                       "\ncolumns = t y\nprior-deviation = 1\n" + gaussian);
  CHECK(posterior.curvature.lambda >= 1.0);
  CHECK_FALSE(posterior.gaussian_target);
}

TEST_CASE("the data sets of the examples load") {
  const std::string examples = std::string(WPG_SOURCE_DIR) + "/examples/";
  const Problem posterior = problem_of(
      "[grid]\ncells = 96 96\nlower = -6 -8\nupper = 3 3\n[potential]\ntype = logistic\n"
      "data = " +
      examples +
      "oring-posterior/orings.csv\n"
      "columns = temperature_F oring_failure\n" +
      gaussian);
  // Mean by the trapezoidal rule on 901 x 1101 points of the same box, computed apart.
  CHECK(mean(*posterior.target)[0] == doctest::Approx(-1.2419568493).epsilon(1e-6));
  CHECK(mean(*posterior.target)[1] == doctest::Approx(-2.0301351357).epsilon(1e-6));
  const Problem faithful = problem_of("[grid]\ncells = 64 64\nlower = 0 25\nupper = 7 115\n" + flat +
                                      "[initial]\ntype = samples\nfile = " + examples +
                                      "old-faithful/old_faithful.csv\n"
                                      "columns = eruptions waiting\n");
  // Means of the 272 eruptions; the kernels' tails beyond the box hold less than 1e-5.
  CHECK(mean(faithful.initial)[0] == doctest::Approx(3.487783).epsilon(1e-5));
  CHECK(mean(faithful.initial)[1] == doctest::Approx(70.897059).epsilon(1e-5));
}

TEST_CASE("every initial density can be named") {
  const auto started = [](const std::string& grid, const std::string& initial) {
    const Field rho = problem_of(grid + flat + "[initial]\n" + initial).initial;
    CHECK(integral(rho) == doctest::Approx(1.0).epsilon(1e-13));
    return mean(rho);
  };
  CHECK(started(line, "type = mixture\nmeans = -2 2\ncovariances = 0.4\n").norm() < 1e-10);
  CHECK(started(square, "type = disc\ncenter = 1 2\nradius = 1.5\n")[1] == doctest::Approx(2.0).epsilon(1e-3));
  CHECK(started(line, "type = expression\nrho = x > 0 ? exp(-x) : 0\n")[0] == doctest::Approx(1.0).epsilon(0.05));
  const ScratchFile data("d.csv", "\"u\",\"v\"\n1,2\n3,2.5\n-1,0\n");
  const std::string samples = "type = samples\nfile = " + data.path() + "\ncolumns = u v\nbandwidth = ";
  // Along y the kernels' tails beyond the box are four deviations away and more.
  for (const std::string bandwidth : {"0.5", "0.4 0.6", "scott", "silverman"}) {
    CHECK(started(square, samples + bandwidth + "\n")[1] == doctest::Approx(1.5).epsilon(0.05));
  }
  CHECK(started(square, samples + "histogram\n")[0] == doctest::Approx(1.0).epsilon(0.15));
}

TEST_CASE("parameters out of range are named with their section") {
  const auto potential = [](const std::string& text) { return square + "[potential]\n" + text + "\n" + gaussian; };
  const auto initial = [](const std::string& text) { return square + flat + "[initial]\n" + text + "\n"; };
  tells(potential("type = quadratic\nprecision = 1 2 2 1"), "potential.precision = 1 2 2 1: must be", "positive def");
  tells(potential("type = quadratic\nprecision = 1 2 2"), "potential.precision = 1 2 2", "4 numbers");
  tells(potential("type = quadratic\nprecision = -1"), "potential.precision = -1 0 0 -1", "positive definite");
  tells(potential("type = double-well\nbarrier = 0"), "potential.barrier = 0", "above 0");
  tells(potential("type = gaussian-mixture\nmeans = 0 0 1\ncovariances = 1"), "potential.means", "multiple of 2");
  tells(potential("type = gaussian-mixture\nmeans = 0 0\ncovariances = 1 2"), "potential.covariances", "4 numbers");
  tells(potential("type = gaussian-mixture\nmeans = 0 0\ncovariances = -1"), "potential.covariances", "positive def");
  tells(potential("type = gaussian-mixture\nmeans = 0 0\ncovariances = 1\nweights = 1 1"), "potential.weights", "one");
  tells(potential("type = banana\ndeviations = 1"), "potential.deviations = 1", "2 numbers");
  tells(potential("type = banana\ndeviations = 1 -1"), "potential.deviations = -1", "positive");
  tells(potential("type = expression\nV = x^2 + foo"), "potential.V = x^2 + foo: must be a formula in x, y",
        "character 7");
  tells(potential("type = expression\nV = log(x)"), "potential.V = nan at (", "finite on the grid");
  tells(potential("type = expression"), "potential.V is missing", "");
  tells(potential("type = logistic\ndata = d.csv\ncolumns = a b c"), "potential.columns", "2 names");
  tells(line + "[potential]\ntype = banana\n" + gaussian, "potential.type = banana", "2D");
  tells(initial("type = gaussian\ncovariance = 1 0 0 0"), "initial.covariance = 1 0 0 0", "positive definite");
  tells(initial("type = gaussian\nmean = 900"), "initial.type = gaussian: rho = a density of mass 0", "positive mass");
  tells(initial("type = box\nlower = 1\nupper = 0"), "initial.upper = 0 0: must be above lower = 1 1", "");
  tells(initial("type = box\nlower = 10\nupper = 11"), "initial.type = box: rho", "positive mass");
  tells(initial("type = disc\nradius = nan"), "initial.radius = nan", "");
  tells(initial("type = expression\nrho = x"), "initial.rho = -5.875 at (-5.875 -5.8125)", "nonnegative");
  const ScratchFile data("d.csv", "u,v\n1,2\n3,2.5\n-1,0\n");
  const std::string samples = "type = samples\nfile = " + data.path() + "\ncolumns = u v\nbandwidth = ";
  tells(initial(samples + "0.01"), "initial.bandwidth = 0.01 0.01: must be at least 0.7 grid spacings", "histogram");
  tells(initial(samples + "wide"), "initial.bandwidth = wide", "scott");
  CHECK_THROWS_AS(problem_of(initial("type = samples\nfile = no.csv\ncolumns = u v")), InputError);
  CHECK_THROWS_AS(problem_of(initial("type = samples\nfile = " + data.path() + "\ncolumns = u w")), InputError);
  CHECK_THROWS_AS(problem_of(potential("type = logistic\ndata = no.csv\ncolumns = a b")), InputError);
}

TEST_CASE("names that do not exist and keys that do not belong are refused") {
  tells(line + "[potential]\ntype = cubic\n" + gaussian, "potential.type = cubic", "one of none, quadratic,");
  tells(line + gaussian, "potential.type is missing", "");
  tells(line + flat + "[initial]\ntype = point\n", "initial.type = point", "one of gaussian, mixture, box,");
  CHECK(complaint(square + "[potential]\ntype = banana\nmean = 0 0\n" + gaussian) ==
        "potential.mean is not used by potential.type = banana; it takes bend, deviations");
  CHECK(complaint(line + "[potential]\ntype = none\nV = x\n" + gaussian) ==
        "potential.V is not used by potential.type = none; it takes no other key");
  CHECK(complaint(line + flat + gaussian + "radius = 2\n") ==
        "initial.radius is not used by initial.type = gaussian; it takes mean, covariance");
}

TEST_CASE("what can be named can be listed") {
  for (const std::string& kind : registry_kinds()) {
    for (const Entry& entry : registry(kind)) {
      CHECK_FALSE(entry.name.empty());
      CHECK_FALSE(entry.description.empty());
    }
  }
  CHECK(registry("potentials").size() == 8);
  CHECK(registry("initials").front().name == "gaussian");
  CHECK_THROWS_AS(registry("colours"), UsageError);
}
