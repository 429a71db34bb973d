#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "oracles.hpp"
#include "random_values.hpp"
#include "wpg/energies/network.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/descent_velocity.hpp"

using namespace wpg;
using wpg::test::random_density;

namespace {

const Grid plane({{14, -2.0, 2.0, Boundary::reflecting}, {12, -1.0, 3.0, Boundary::free}});

/// Unevenly weighted random points.
Regression random_points(Index inputs, Index points) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> uniform(-1.5, 1.5);
  Regression data{Eigen::MatrixXd(inputs, points), Values(points), Values(points)};
  for (Index p = 0; p < points; ++p) {
    for (Index k = 0; k < inputs; ++k) data.x(k, p) = uniform(random);
    data.y[p] = uniform(random);
    data.weight[p] = 2.0 + uniform(random);
  }
  return data;
}

const auto tanh_unit = [](double s) { return std::tanh(s); };

exact::Normal normal(double mean, double variance) {
  return {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

/// The integral of cos(w x) against N(mean, variance) in w.
double mean_cosine(double mean, double variance, double x) {
  return std::cos(mean * x) * std::exp(-0.5 * variance * x * x);
}

}  // namespace

TEST_CASE("network: a neuron's parameters are output, weights and bias in any order") {
  const double x[] = {0.3, -0.7};
  const std::vector<Parameter> abw{Parameter::output, Parameter::bias, Parameter::weight};
  CHECK(Neuron(tanh_unit, abw)(oracle::point({2.0, 0.5, 3.0}), std::span(x, 1)) ==
        doctest::Approx(2.0 * std::tanh(3.0 * 0.3 + 0.5)));
  const Neuron two(tanh_unit, {Parameter::weight, Parameter::weight});
  CHECK(two.inputs() == 2);
  CHECK(two(oracle::point({2.0, 0.5}), x) == doctest::Approx(std::tanh(0.6 - 0.35)));
  CHECK(Neuron(tanh_unit, {Parameter::bias})(oracle::point({0.5}), std::span(x, 1)) == doctest::Approx(std::tanh(0.8)));
  CHECK_THROWS_AS(Neuron(tanh_unit, {Parameter::bias, Parameter::bias}), InvalidValue);
  CHECK_THROWS_AS(Neuron(tanh_unit, {}), InvalidValue);
}

TEST_CASE("network: in the well-specified case the loss is half the squared MMD of its kernel, as a double sum") {
  const Neuron neuron(tanh_unit, {Parameter::weight, Parameter::bias});
  Regression data = random_points(1, 7);
  const Field teacher = random_density(plane, 1);
  const Field rho = random_density(plane, 2);
  data.y = Network(plane, neuron, data).fit(teacher);
  const double strength = 1.7;
  const Network network(plane, neuron, data, strength);
  const Values difference = (rho.values - teacher.values) * plane.cell_volume();
  Eigen::MatrixXd k = Eigen::MatrixXd::Zero(plane.size(), plane.size());
  for (Index p = 0; p < 7; ++p) {
    Eigen::VectorXd phi(plane.size());
    for (Index i = 0; i < plane.size(); ++i) {
      phi[i] = std::tanh(plane.center(i)[0] * data.x(0, p) + plane.center(i)[1]);
    }
    k += strength * data.weight[p] / data.weight.sum() * phi * phi.transpose();
  }
  const Eigen::VectorXd witness = k * difference.matrix();
  CHECK(network.value(rho) == doctest::Approx(0.5 * witness.dot(difference.matrix())).epsilon(1e-12));
  Values variation = Values::Constant(plane.size(), 3.0);  // it is added to
  network.add_first_variation(rho, variation);
  CHECK((variation - 3.0 - witness.array()).abs().maxCoeff() < 1e-13);
  CHECK(network.value(teacher) < 1e-28);
}

TEST_CASE("network: two inputs, and a first variation that is the derivative of the loss") {
  const Neuron neuron(tanh_unit, {Parameter::weight, Parameter::weight});
  const Network network(plane, neuron, random_points(2, 9), 0.6);
  const Field rho = random_density(plane, 3);
  Field direction = random_density(plane, 5);
  direction.values -= random_density(plane, 6).values;
  Field variation(plane);
  network.add_first_variation(rho, variation.values);
  Field up = rho, down = rho;
  up.values += direction.values;
  down.values -= direction.values;
  // The loss is quadratic in the density, so the central quotient is exact.
  CHECK(0.5 * (network.value(up) - network.value(down)) ==
        doctest::Approx(integral(variation, direction)).epsilon(1e-10));
}

TEST_CASE("network: cosine units of Gaussian parameters have outputs and a loss in closed form") {
  const Config config = Config::parse(
      "[grid]\ncells = 200\nlower = -10\nupper = 10\n[potential]\ntype = none\n"
      "[initial]\ntype = gaussian\nmean = 0.4\ncovariance = 0.8\n[energy]\ntype = none\nnetwork = cosine\n"
      "[network]\nmeans = -1 2\ncovariances = 0.5\nweights = 3 1\nrange = -2 2\nnodes = 40\n"
      "[scheme]\ngamma = 0.1\nsteps = 1\n",
      ".");
  const Problem problem = make_problem(config);
  REQUIRE(problem.network);
  const Regression& data = problem.network->data();
  const Values fit = problem.network->fit(problem.initial);
  for (Index p = 0; p < fit.size(); ++p) {
    const double x = data.x(0, p);
    CHECK(std::abs(fit[p] - mean_cosine(0.4, 0.8, x)) < 1e-12);
    CHECK(std::abs(data.y[p] - 0.75 * mean_cosine(-1.0, 0.5, x) - 0.25 * mean_cosine(2.0, 0.5, x)) < 1e-12);
  }
  // The loss by the midpoint rule on a far finer lattice of inputs, whose error is (1e-3)^2/24 of a curvature.
  double loss = 0.0;
  for (int i = 0; i < 4000; ++i) {
    const double x = -2.0 + (i + 0.5) * 1e-3;
    const double y = 0.75 * mean_cosine(-1.0, 0.5, x) + 0.25 * mean_cosine(2.0, 0.5, x);
    loss += 0.5 * std::pow(mean_cosine(0.4, 0.8, x) - y, 2) / 4000.0;
  }
  CHECK(problem.network->value(problem.initial) == doctest::Approx(loss).epsilon(1e-5));
}

TEST_CASE("network: the velocity is of fourth order in h against the gradient in closed form") {
  const double mean_w = 0.4, variance = 0.5;
  std::vector<double> h, errors;
  for (const Index cells : {40, 80, 160}) {
    const Grid grid = oracle::cube(1, cells, -6.0, 6.0);
    Regression data{Eigen::RowVectorXd::LinSpaced(9, -1.5, 1.5), Values(9), Values::Ones(9)};
    for (Index p = 0; p < 9; ++p) data.y[p] = std::cos(1.3 * data.x(0, p));
    const Field rho = oracle::gaussian_field(grid, normal(mean_w, variance));
    DescentVelocity velocity(grid, {std::make_shared<const Network>(
                                       grid, Neuron([](double s) { return std::cos(s); }, {Parameter::weight}), data)});
    std::vector<Values> v{Values(cells)};
    velocity.evaluate(rho, v);
    double worst = 0.0;
    for (Index i = 4; i < cells - 4; ++i) {  // the ends' differences are of third order
      double exact = 0.0;
      for (Index p = 0; p < 9; ++p) {
        const double x = data.x(0, p);
        exact += (mean_cosine(mean_w, variance, x) - data.y[p]) * x * std::sin(grid.axis(0).center(i) * x) / 9.0;
      }
      worst = std::max(worst, std::abs(v[0][i] - exact));
    }
    h.push_back(grid.axis(0).spacing());
    errors.push_back(worst);
  }
  CHECK(oracle::fitted_order(h, errors) == doctest::Approx(4.0).epsilon(0.05));
}

TEST_CASE("network: results are the same to the last bit for any number of threads") {
  const Neuron neuron(tanh_unit, {Parameter::weight, Parameter::bias});
  const Grid grid = oracle::cube(2, 200, -3.0, 3.0);
  const Field rho = random_density(grid, 9);
  const int before = threads();
  std::vector<Values> results;
  for (const int count : {1, 3}) {
    set_threads(count);
    const Network network(grid, neuron, random_points(1, 5));
    Values variation = Values::Zero(grid.size());
    network.add_first_variation(rho, variation);
    results.push_back(variation);
  }
  set_threads(before);
  CHECK((results[0] == results[1]).all());
}
