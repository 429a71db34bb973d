#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "oracles.hpp"
#include "transport_cases.hpp"
#include "wpg/reduce.hpp"
#include "wpg/reference/fokker_planck.hpp"

using namespace wpg;
using namespace wpg::oracle;

namespace {

/// V that is no sum of functions of one coordinate each.
class Coupled final : public Potential {
 public:
  double value(const Point& x) const override { return 0.5 * x.squaredNorm() + 0.8 * std::sin(x[0] * x[1]); }
  Point gradient(const Point& x) const override {
    const double c = 0.8 * std::cos(x[0] * x[1]);
    return point({x[0] + c * x[1], x[1] + c * x[0]});
  }
  Tensor hessian(const Point&) const override { return Tensor::Identity(2, 2); }  // not asked for here
};

/// The generator of the exponentially fitted finite volumes, entry by entry.
Eigen::MatrixXd generator(const Grid& grid, const Potential& V) {
  const auto bernoulli = [](double z) { return z == 0.0 ? 1.0 : z / std::expm1(z); };
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(grid.size(), grid.size());
  for (int k = 0; k < 2; ++k) {
    const double h = grid.axis(k).spacing();
    for (Index i = 0; i < grid.size(); ++i) {
      if (i / grid.stride(k) % grid.axis(k).cells + 1 == grid.axis(k).cells) continue;
      const Index j = i + grid.stride(k);
      const double z = V.value(grid.center(j)) - V.value(grid.center(i));
      const double forth = bernoulli(z) / (h * h), back = bernoulli(-z) / (h * h);
      a(i, i) -= forth;
      a(j, i) += forth;
      a(j, j) -= back;
      a(i, j) += back;
    }
  }
  return a;
}

/// TR-BDF2 (Bank et al. 1985), the whole generator at once, factorised once.
Eigen::VectorXd tr_bdf2(const Eigen::MatrixXd& a, Eigen::VectorXd x, double time, int steps) {
  const double dt = time / steps, g = 2.0 - std::sqrt(2.0);
  const Solver solve = factorised(Eigen::MatrixXd::Identity(a.rows(), a.cols()) - 0.5 * g * dt * a);
  for (int n = 0; n < steps; ++n) {
    const Eigen::VectorXd rate = a * x;
    const Eigen::VectorXd middle = solve(x + 0.5 * g * dt * rate);
    x = solve((middle - (1.0 - g) * (1.0 - g) * x) / (g * (2.0 - g)));
  }
  return x;
}

}  // namespace

TEST_CASE("the composition of axis steps agrees with TR-BDF2 on the whole generator, with order 2 in the step") {
  const Coupled V;
  const Grid grid({{30, -3.0, 3.0}, {26, -2.8, 2.8}});
  const Field initial = gaussian_field(grid, {Eigen::Vector2d(0.8, -0.5), 0.4 * Eigen::Matrix2d::Identity()});
  const double time = 0.4;
  const Field exact(grid, tr_bdf2(generator(grid, V), initial.values.matrix(), time, 160).array());
  std::vector<double> dt, error;
  for (const int steps : {8, 16, 32}) {
    Field rho = initial;
    FokkerPlanck(grid, &V, time / steps).advance(rho, time);
    dt.push_back(time / steps);
    error.push_back(l1_distance(rho, exact));
  }
  CAPTURE(error);
  CHECK(fitted_order(dt, error) > 1.85);
  CHECK(fitted_order(dt, error) < 2.15);
  CHECK(error.back() < 1e-3);
}
