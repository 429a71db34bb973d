#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "gauss_rules.hpp"
#include "oracles.hpp"
#include "wpg/energies/potential_energy.hpp"
#include "wpg/initial.hpp"
#include "wpg/parallel.hpp"
#include "wpg/potentials/formula.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/descent_velocity.hpp"
#include "wpg/schemes/explicit_stage.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;

namespace {

const double step_size = 0.2;

/// Steps of the noisy descent of a potential energy; checks mass and sign.
void descend(Field& rho, const Potential& V, const Noise& noise, int steps) {
  std::vector<std::shared_ptr<const Energy>> energies{std::make_shared<const PotentialEnergy>(noise.wide_grid(), V)};
  ExplicitStage stage(rho.grid, step_size, std::make_unique<DescentVelocity>(noise.wide_grid(), energies),
                      Substeps::refuse, noise);
  const double mass = integral(rho);
  StepReport report;
  for (int n = 0; n < steps; ++n) stage.apply(rho, report);
  CHECK(report.transport.substeps == steps);
  CHECK(std::abs(integral(rho) - mass) < 1e-12 * mass);
  CHECK(rho.values.minCoeff() >= 0.0);
}

Field descended(const Grid& grid, const oracle::QuadraticPotential& V, const exact::Normal& start, const Noise& noise,
                int steps) {
  Field rho = oracle::gaussian_field(grid, start);
  descend(rho, V, noise, steps);
  return rho;
}

/// x - step_size Q (x + beta u - c) for x of a normal law.
exact::Normal noisy_step(const exact::Normal& law, const oracle::QuadraticPotential& V, double beta) {
  const Eigen::Index d = law.mean.size();
  const Eigen::MatrixXd Q = V.precision;
  const Eigen::MatrixXd map = Eigen::MatrixXd::Identity(d, d) - step_size * Q;
  const Eigen::VectorXd center = V.center;
  return {center + map * (law.mean - center),
          map * law.covariance * map.transpose() + step_size * step_size * beta * beta * Q * Q};
}

}  // namespace

TEST_CASE("noise: Gauss rules integrate polynomials against their densities") {
  for (const int n : {1, 2, 5, 12}) {
    const GaussRule legendre = gauss_legendre(n), hermite = gauss_hermite(n);
    double moment = 1.0;  // of the standard Gaussian: 1, 1, 3, 15, ...
    for (int k = 0; k < n; ++k) {
      CHECK((legendre.weights * legendre.nodes.pow(2 * k)).sum() == doctest::Approx(1.0 / (2 * k + 1)).epsilon(1e-13));
      CHECK((hermite.weights * hermite.nodes.pow(2 * k)).sum() == doctest::Approx(moment).epsilon(1e-12));
      moment *= 2 * k + 1;
    }
    CHECK((hermite.nodes == -hermite.nodes.reverse()).all());
  }
}

TEST_CASE("noise: descent of a quadratic potential is a normal law in closed form, in one and two dimensions") {
  const oracle::QuadraticPotential line(point({0.3}), tensor({1.5}));
  const oracle::QuadraticPotential plane(point({0.3, -0.2}), tensor({1.5, 0.4, 0.4, 0.8}));
  exact::Normal law_1d{Eigen::VectorXd::Constant(1, -0.5), Eigen::MatrixXd::Constant(1, 1, 0.6)};
  exact::Normal law_2d{point({-0.5, 0.4}), tensor({0.6, -0.2, -0.2, 0.5})};
  const double beta = 0.8;
  const Grid grid_1d = oracle::cube(1, 120, -6.0, 6.0);
  const Grid grid_2d = oracle::cube(2, 64, -5.0, 5.0);
  const Field rho_1d = descended(grid_1d, line, law_1d, Noise(grid_1d, beta, 0.0, 12), 3);
  const Field rho_2d = descended(grid_2d, plane, law_2d, Noise(grid_2d, beta, 0.0, 5), 2);
  for (int n = 0; n < 3; ++n) law_1d = noisy_step(law_1d, line, beta);
  for (int n = 0; n < 2; ++n) law_2d = noisy_step(law_2d, plane, beta);
  CHECK(covariance(rho_1d)(0, 0) == doctest::Approx(law_1d.covariance(0, 0)).epsilon(1e-7));
  CHECK(mean(rho_1d)[0] == doctest::Approx(law_1d.mean[0]).epsilon(1e-7));
  // The rule's first wrong moment is the tenth; a step's noise is a third of the density's deviation.
  CHECK(l1_distance(rho_1d, oracle::gaussian_field(grid_1d, law_1d)) < 1e-5);
  CHECK((covariance(rho_2d) - Tensor(law_2d.covariance)).cwiseAbs().maxCoeff() < 1e-6);
  CHECK((mean(rho_2d) - Point(law_2d.mean)).cwiseAbs().maxCoeff() < 1e-6);
  // Here it is the sixth.
  CHECK(l1_distance(rho_2d, oracle::gaussian_field(grid_2d, law_2d)) < 1e-3);
}

TEST_CASE("noise: it decays as the schedule says") {
  const oracle::QuadraticPotential V(point({0.0}), tensor({2.0}));
  exact::Normal law{Eigen::VectorXd::Constant(1, 0.0), Eigen::MatrixXd::Constant(1, 1, 0.5)};
  const Grid grid = oracle::cube(1, 120, -6.0, 6.0);
  const Field rho = descended(grid, V, law, Noise(grid, 0.7, 0.5, 5), 4);
  for (int n = 1; n <= 4; ++n) law = noisy_step(law, V, 0.7 / std::sqrt(n));
  CHECK(covariance(rho)(0, 0) == doctest::Approx(law.covariance(0, 0)).epsilon(1e-7));
}

TEST_CASE("noise: results are the same to the last bit for any number of threads") {
  const oracle::QuadraticPotential V(point({0.3, -0.2}), tensor({1.5, 0.4, 0.4, 0.8}));
  const exact::Normal law{point({-0.5, 0.4}), tensor({0.6, -0.2, -0.2, 0.5})};
  const Grid grid = oracle::cube(2, 96, -5.0, 5.0);
  const int before = threads();
  std::vector<Field> results;
  for (const int count : {1, 3}) {
    set_threads(count);
    results.push_back(descended(grid, V, law, Noise(grid, 0.8, 0.0, 3), 1));
  }
  set_threads(before);
  CHECK((results[0].values == results[1].values).all());
}

TEST_CASE("noise: separable descent on mixed boundaries in three dimensions is the product of that on each axis") {
  const std::vector<Axis> axes{{20, -std::numbers::pi, std::numbers::pi, Boundary::periodic},
                               {22, -4.0, 4.0, Boundary::reflecting},
                               {24, -5.0, 5.0, Boundary::free}};
  const auto stepped = [](const Grid& grid, const std::string& V, const std::string& start) {
    const Noise noise(grid, 0.7, 0.0, 2);
    const FormulaPotential potential(Expression("V", V, grid.dimension()));
    Field rho = expression_density(grid, Expression("rho", start, grid.dimension()));
    descend(rho, potential, noise, 1);
    return rho;
  };
  const Values x = stepped(Grid({axes[0]}), "-cos(x)", "exp(sin(x))").values;
  const Values y = stepped(Grid({axes[1]}), "0.4*x^2", "exp(-0.6*x^2)").values;
  const Values z = stepped(Grid({axes[2]}), "0.25*x^2", "exp(-0.6*x^2)").values;
  const Field rho = stepped(Grid(axes), "-cos(x) + 0.4*y^2 + 0.25*z^2", "exp(sin(x) - 0.6*y^2 - 0.6*z^2)");
  double worst = 0.0;
  for (Index cell = 0; cell < rho.values.size(); ++cell) {
    worst = std::max(worst, std::abs(rho.values[cell] - x[cell % 20] * y[cell / 20 % 22] * z[cell / 440]));
  }
  CHECK(worst < 1e-9);
}
