#include <doctest/doctest.h>

#include <cmath>

#include "case_steps.hpp"
#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/nonsmooth/box_constraint.hpp"
#include "wpg/nonsmooth/l1_norm.hpp"
#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/prox_stage.hpp"

using namespace wpg;
using oracle::point;

namespace {

Field after(const std::string& text, int steps) {
  test::Case c(text);
  const Field rho = c.after(steps);
  CHECK(std::abs(integral(rho) / integral(c.problem.initial) - 1.0) < 1e-12);
  return rho;
}

std::string line(Index cells, double gamma, const std::string& more) {
  return "[grid]\ncells = " + std::to_string(cells) +
         "\nlower = -5\nupper = 5\n[initial]\ntype = gaussian\nmean = -1\n[scheme]\ngamma = " + std::to_string(gamma) +
         "\nsteps = 1\n" + more;
}

const std::string l1 = "[nonsmooth]\ntype = l1\n";
const std::string no_entropy = "[energy]\ntype = none\n";

std::string quadratic(double mean) { return "[potential]\ntype = quadratic\nmean = " + std::to_string(mean) + "\n"; }

/// Root mean square distance to a point.
double distance(const Field& rho, const Point& to) {
  return std::sqrt(covariance(rho).trace() + (mean(rho) - to).squaredNorm());
}

/// Cells that hold more than 1e-9 of the mass.
Index occupied(const Field& rho) { return (rho.values * rho.grid.cell_volume() > 1e-9).count(); }

std::string complaint(const std::string& text) {
  try {
    test::Case made(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("nonsmooth flow: without entropy the density collapses to the lasso estimate, in the cell that holds it") {
  // The minimiser of (x - m)^2/2 + |x| is soft thresholding of m: 0 for 0.8 and 0.95, 1 for 2.
  for (const double gamma : {0.2, 0.02}) {
    for (const Index cells : {81, 161}) {
      const auto steps = static_cast<int>(12.0 / gamma);
      const double h = 10.0 / static_cast<double>(cells);
      for (const double m : {0.5, 0.8}) {
        const Field rho = after(line(cells, gamma, quadratic(m) + l1 + no_entropy), steps);
        CAPTURE(gamma);
        CAPTURE(cells);
        CAPTURE(m);
        // The kink is at a cell centre: exact, whatever gamma is against h.
        CHECK(occupied(rho) == 1);
        CHECK(distance(rho, point({0.0})) < 1e-4);
      }
      const Field rho = after(line(cells, gamma, quadratic(2.0) + l1 + no_entropy), steps);
      CHECK(distance(rho, point({1.0})) < 0.6 * h);
    }
  }
  // The kink at a face: half the mass on either side, the mean exact.
  const Field rho = after(line(160, 0.2, quadratic(0.5) + l1 + no_entropy), 60);
  CHECK(occupied(rho) == 2);
  CHECK(std::abs(mean(rho)[0]) < 1e-6);
}

namespace {

/// The lasso of a quadratic with precision A and least-squares point m, by coordinate descent, each coordinate exactly.
Point lasso(const Tensor& A, const Point& m, double weight) {
  Point x = m;
  for (int sweep = 0; sweep < 500; ++sweep) {
    for (Index k = 0; k < x.size(); ++k) {
      const double pull = A(k, k) * x[k] - A.row(k).dot(x - m);
      x[k] = std::copysign(std::max(std::abs(pull) - weight, 0.0), pull) / A(k, k);
    }
  }
  return x;
}

std::string plane(Index cells, double gamma, const std::string& more) {
  return "[grid]\ncells = " + std::to_string(cells) + " " + std::to_string(cells) +
         "\nlower = -3\nupper = 3\n[initial]\ntype = gaussian\nmean = -0.5 0.7\ncovariance = 0.3\n[potential]\ntype = "
         "quadratic\nprecision = 2 0.8 0.8 1.2\nmean = 1.4 0.3\n[scheme]\nsteps = 1\ngamma = " +
         std::to_string(gamma) + "\n" + more;
}

}  // namespace

TEST_CASE("nonsmooth flow: the lasso in the plane, to first order in h, for any gamma") {
  const Tensor A = oracle::tensor({2.0, 0.8, 0.8, 1.2});
  const Point estimate = lasso(A, point({1.4, 0.3}), 1.0);
  REQUIRE(estimate[1] == 0.0);
  REQUIRE(estimate[0] > 0.5);
  for (const double gamma : {0.3, 0.03}) {
    std::vector<double> spacing, error;
    for (const Index cells : {31, 61}) {
      const double h = 6.0 / static_cast<double>(cells);
      const Field rho = after(plane(cells, gamma, l1 + no_entropy), static_cast<int>(15.0 / gamma));
      CAPTURE(gamma);
      CAPTURE(h);
      spacing.push_back(h);
      error.push_back(distance(rho, estimate));
      CHECK(error.back() < 0.6 * h);
      // All of it in the row y = 0, and in few cells there.
      double row = 0.0;
      for (Index i = 0; i < cells; ++i) row += rho.values[i + cells * (cells / 2)] * h * h;
      CHECK(std::abs(row - 1.0) < 1e-6);
      CHECK(occupied(rho) <= 6);
    }
    CHECK(oracle::fitted_order(spacing, error) > 0.7);
    CHECK(oracle::fitted_order(spacing, error) < 1.3);
  }
}

TEST_CASE("nonsmooth flow: an atom on the move is smeared over a few cells, in proportion to h") {
  // grad V = -2 against the weight 1: everything moves at unit speed.
  const auto deviation = [](Index cells) {
    const double h = 10.0 / static_cast<double>(cells), gamma = 0.0633;
    const Field rho =
        after("[grid]\ncells = " + std::to_string(cells) +
                  "\nlower = 0\nupper = 10\n[initial]\ntype = box\nlower = 1\nupper = " + std::to_string(1.0 + h) +
                  "\n[potential]\ntype = expression\nV = -2*x\n" + l1 + no_entropy +
                  "[scheme]\nsteps = 1\ngamma = " + std::to_string(gamma) + "\n",
              100);
    CHECK(mean(rho)[0] == doctest::Approx(1.0 + 0.5 * h + 100 * gamma).epsilon(1e-3));
    return std::sqrt(covariance(rho)(0, 0));
  };
  const double coarse = deviation(200), fine = deviation(400);
  CHECK(fine < 2.5 * 0.025);
  CHECK(std::log2(coarse / fine) > 0.8);
  CHECK(std::log2(coarse / fine) < 1.2);
}

TEST_CASE("nonsmooth flow: a group norm collapses the plane where the gradient at 0 is below its weight") {
  const std::string group = "[nonsmooth]\ntype = group\nweight = ";
  // |grad V(0)| = |A m| = 3.35.
  const Field rho = after(plane(41, 0.2, group + "4\n" + no_entropy), 80);
  CHECK(occupied(rho) == 1);
  CHECK(distance(rho, point({0.0, 0.0})) < 1e-6);
  // Below it the optimality condition A (x - m) + weight x/|x| = 0 holds at the mean, to the width of a few cells.
  const Field free = after(plane(81, 0.2, group + "1\n" + no_entropy), 80);
  const Point x = mean(free);
  const Point residual = oracle::tensor({2.0, 0.8, 0.8, 1.2}) * (x - point({1.4, 0.3})) + x / x.norm();
  CHECK(residual.norm() < 0.02);
  CHECK(std::sqrt(covariance(free).trace()) < 0.1);
}

TEST_CASE("nonsmooth flow: with entropy the law is exp(-V-F)/Z, for any gamma; the error falls with h") {
  const auto error = [](const std::string& F, Index cells, double gamma) {
    const std::string text = line(cells, gamma, quadratic(0.8) + F + "[jko]\ntolerance = 1e-10\n");
    const Field rho = after(text, static_cast<int>(14.0 / gamma));
    return std::sqrt(kullback_leibler(rho, *test::Case(text).problem.target));
  };
  // sqrt(KL) measures like the L1 distance: order 3.5 at the kink of a norm, 2.5 at the wall of a box, where the
  // density jumps, since epsilon = h^2 and the compensation of its bias works where log rho is smooth.
  const std::string box = "[nonsmooth]\ntype = box\nlower = 0\n";
  const double l1_order = std::log2(error(l1, 81, 0.2) / error(l1, 163, 0.2)) / std::log2(163.0 / 81.0);
  const double face_order = std::log2(error(l1, 80, 0.2) / error(l1, 160, 0.2));
  const double box_order = std::log2(error(box, 80, 0.2) / error(box, 160, 0.2));
  CAPTURE(l1_order);
  CAPTURE(face_order);
  CAPTURE(box_order);
  CHECK(l1_order > 3.0);
  CHECK(l1_order < 4.0);
  CHECK(face_order > 3.0);
  CHECK(face_order < 4.0);
  CHECK(box_order > 2.0);
  CHECK(box_order < 3.0);
  // Unbiased: the error does not grow with gamma.
  CHECK(error(l1, 161, 0.4) < 1e-4);
  CHECK(error(l1, 321, 0.8) < 3e-5);
}

TEST_CASE("nonsmooth flow: the JKO step of H and then the proximal map of F have another stationary law") {
  const auto bias = [](double gamma) {
    const std::string text = line(161, gamma, quadratic(0.8));
    test::Case split(text);
    split.scheme.stages.push_back(
        std::make_unique<ProxStage>(split.problem.grid, nullptr, L1Norm(point({1.0})), gamma));
    const Field rho = split.after(static_cast<int>(10.0 / gamma));
    return l1_distance(rho, *test::Case(line(161, gamma, quadratic(0.8) + l1)).problem.target);
  };
  // What lies within gamma of the kink is an atom after every step.
  const double wide = bias(0.4), narrow = bias(0.2);
  CHECK(wide > 0.3);
  CHECK(narrow > 0.15);
  CHECK(narrow < wide);
}

TEST_CASE("nonsmooth flow: the backward scheme takes V and F at once, far beyond 1/L") {
  const std::string scheme = "name = backward\n";
  std::string text = line(160, 3.0, quadratic(0.8) + "[nonsmooth]\ntype = box\nlower = -0.5\nupper = 1\n");
  text.insert(text.find("steps = 1"), scheme);
  const Field rho = after(text, 10);
  const Field pi = *test::Case(text).problem.target;
  CHECK(l1_distance(rho, pi) < 1e-3);
  for (Index i = 0; i < rho.grid.size(); ++i) {
    CAPTURE(rho.grid.axis(0).center(i));
    CAPTURE(rho.values[i]);
    CAPTURE(pi.values[i]);
    CHECK((rho.values[i] > 0.0) == (pi.values[i] > 0.0));
  }
}

TEST_CASE("nonsmooth flow: a JKO step of H + F fulfils its optimality condition on a line") {
  // The optimal map from rho to nu is y + gamma (log rho + F)'(y): between distribution functions, from the solver's
  // rho by differences and nu's closed form.
  const double gamma = 0.3;
  const auto worst = [&](const Nonsmooth& F, Index cells, double below) {
    const Grid grid = oracle::cube(1, cells, -6.0, 6.0);
    EntropicOptions options;
    options.gamma = gamma;
    options.epsilon = std::pow(grid.axis(0).spacing(), 2);
    options.tolerance = 1e-10;
    options.nonsmooth = &F;
    const Field nu = sample(grid, [](const Point& x) { return std::exp(-0.5 * x.squaredNorm()); });
    Field rho(grid);
    const JkoReport report = EntropicJko(grid, options).solve(nu, rho);
    CHECK(report.converged);
    CHECK(std::abs(integral(rho) / integral(nu) - 1.0) < 1e-13);
    const double h = grid.axis(0).spacing(), mass = integral(rho);
    double before = 0.0, largest = 0.0;
    for (Index i = 0; i + 1 < cells; ++i) {
      before += rho.values[i] * h / mass;
      const double y = grid.axis(0).face(i + 1);
      if (!(y > below + 3.0 * h) || y > 3.0) continue;
      const double slope =
          (std::log(rho.values[i + 1] / rho.values[i]) + F.value(grid.center(i + 1)) - F.value(grid.center(i))) / h;
      largest = std::max(largest, std::abs(before - 0.5 * std::erfc(-(y + gamma * slope) / std::sqrt(2.0))));
    }
    return largest;
  };
  const double norm = std::log2(worst(L1Norm(point({1.0})), 120, -3.0) / worst(L1Norm(point({1.0})), 240, -3.0));
  const BoxConstraint box(point({-0.5}), point({6.0}));
  CAPTURE(norm);
  CAPTURE(worst(box, 240, -0.5));
  // Differences of second order; the distribution function from midpoint sums likewise.
  CHECK(norm > 1.5);
  CHECK(norm < 2.6);
  CHECK(worst(L1Norm(point({1.0})), 240, -3.0) < 1e-3);
  CHECK(worst(box, 240, -0.5) < 5e-3);
}

TEST_CASE("nonsmooth flow: a domain far from the density, or narrower than a coarse cell, is no obstacle") {
  const std::string far = "[nonsmooth]\ntype = box\nlower = 2.5\n";
  const Field moved = after(line(160, 0.2, quadratic(-1.0) + far), 1);
  CHECK(mean(moved)[0] > 2.5);
  const Field narrow = after(line(160, 0.2, quadratic(0.0) + "[nonsmooth]\ntype = box\nlower = 0.875\nupper = 1\n"), 3);
  CHECK((narrow.values > 0.0).count() == 2);
}

TEST_CASE("nonsmooth flow: the number of threads changes no bit") {
  const int before = threads();
  for (const std::string& text : {plane(41, 0.2, l1 + no_entropy), plane(41, 0.2, l1)}) {
    set_threads(1);
    const Field one = after(text, 3);
    set_threads(3);
    const Field three = after(text, 3);
    CHECK((one.values == three.values).all());
  }
  set_threads(before);
}

TEST_CASE("nonsmooth: cases that cannot be are refused by name") {
  const std::string well = quadratic(0.0);
  const auto with_scheme = [&](const std::string& name, const std::string& more) {
    std::string text = line(80, 0.1, well + more);
    return text.insert(text.find("steps = 1"), "name = " + name + "\n");
  };
  for (const std::string name : {"forward", "forward-flow", "strang", "svgd"}) {
    CHECK(complaint(with_scheme(name, l1)).starts_with("scheme.name = " + name));
  }
  CHECK(complaint(with_scheme("backward", l1 + no_entropy)).starts_with("scheme.name = backward"));
  CHECK(complaint(line(80, 0.1, well + no_entropy)).starts_with("energy.type = none"));
  CHECK(complaint(line(80, 0.1, well + l1 + "weight = -1\n")).starts_with("nonsmooth.weight = -1"));
  CHECK(complaint(line(80, 0.1, well + l1 + "lower = 0\n")).starts_with("nonsmooth.lower is not used by"));
  CHECK(complaint(line(80, 0.1, well + "[nonsmooth]\ntype = box\nlower = 1\nupper = 0\n"))
            .starts_with("nonsmooth.upper = 0"));
  CHECK(complaint(line(80, 0.1, well + "[nonsmooth]\ntype = box\nlower = a\n")).starts_with("nonsmooth.lower = a"));
  CHECK(complaint(line(80, 0.1, well + "[nonsmooth]\ntype = box\nlower = 7\n")).find("nonsmooth.type = box") == 0);
  CHECK(complaint(line(80, 0.1, well + "[nonsmooth]\ntype = box\n")).starts_with("nonsmooth.type = box"));
  CHECK(complaint(line(80, 0.1, well + "[nonsmooth]\ntype = group\naxes = y\n")).starts_with("nonsmooth.axes = y"));
  CHECK(complaint(line(80, 0.1, well + "[nonsmooth]\ntype = lasso\n")).starts_with("nonsmooth.type = lasso"));
  std::string ring = line(80, 0.1, "[potential]\ntype = none\n" + l1);
  ring.insert(ring.find("lower"), "boundary = periodic\n");
  CHECK(complaint(ring).starts_with("nonsmooth.type = l1"));
}
