#include "wpg/diagnostics/theory.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/diagnostics/fisher.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/jko_stage.hpp"
#include "wpg/schemes/pushforward_stage.hpp"
#include "wpg/wasserstein.hpp"

using namespace wpg;
using oracle::point;
using oracle::tensor;

namespace {

/// V = |x|^2/2 + a sum of cos x_k: convex for |a| < 1, not quadratic.
struct Wavy final : Potential {
  explicit Wavy(double a) : amplitude(a) {}
  double value(const Point& x) const override { return 0.5 * x.squaredNorm() + amplitude * x.array().cos().sum(); }
  Point gradient(const Point& x) const override { return x - amplitude * Point(x.array().sin().matrix()); }
  Tensor hessian(const Point& x) const override {
    Tensor h = Tensor::Identity(x.size(), x.size());
    for (Index k = 0; k < x.size(); ++k) h(k, k) -= amplitude * std::cos(x[k]);
    return h;
  }
  double amplitude;
};

Problem problem_of(const Grid& grid, std::shared_ptr<const Potential> V, const Curvature& curvature,
                   const exact::Normal& initial) {
  Field rho = oracle::gaussian_field(grid, initial);
  rho.values /= integral(rho);
  Field pi = gibbs_density(*V, grid);
  return {grid, std::move(V), curvature, std::move(rho), std::move(pi), std::nullopt, std::nullopt};
}

Scheme forward_backward(const Problem& problem, double gamma, double epsilon) {
  Scheme scheme{"forward-backward", gamma, {}};
  scheme.stages.push_back(std::make_unique<PushforwardStage>(problem.grid, *problem.potential, gamma));
  EntropicOptions options;
  options.gamma = gamma;
  options.epsilon = epsilon;
  scheme.stages.push_back(
      std::make_unique<JkoStage>(problem.grid, std::make_unique<EntropicJko>(problem.grid, options), 0));
  return scheme;
}

exact::Normal normal_1d(double mean, double variance) {
  return {Eigen::VectorXd::Constant(1, mean), Eigen::MatrixXd::Constant(1, 1, variance)};
}

}  // namespace

TEST_CASE("relative Fisher information of Gaussians, at sixth order, and zero at the target") {
  const Tensor precision = tensor({1.2, 0.3, 0.3, 0.8});
  const auto V = std::make_shared<oracle::QuadraticPotential>(point({0.2, -0.1}), precision);
  const exact::Normal law{Eigen::Vector2d(0.5, 0.3), (Eigen::Matrix2d() << 0.7, -0.2, -0.2, 0.9).finished()};
  // grad log(rho/pi) is affine with the matrix P - C^-1.
  const Eigen::Matrix2d map = precision - oracle::inverse(law.covariance);
  const double exact = (map * law.covariance * map).trace() + (precision * (law.mean - V->center)).squaredNorm();
  std::vector<double> h, error, at_target;
  for (const Index cells : {32, 48, 72}) {
    const Grid grid = oracle::cube(2, cells, -7.0, 7.0);
    const Problem problem = problem_of(grid, V, {0.6, 1.4}, law);
    const FisherInformation fisher(problem);
    h.push_back(grid.largest_spacing());
    error.push_back(std::abs(fisher(problem.initial) / exact - 1.0));
    at_target.push_back(fisher(*problem.target));
  }
  CHECK(oracle::fitted_order(h, error) > 5.0);
  CHECK(oracle::fitted_order(h, error) < 8.0);
  // At the target the square of the flux's error is left, of order 12 but for the faces next to the ends.
  CHECK(oracle::fitted_order(h, at_target) > 6.0);
  CHECK(at_target.back() < 1e-8);
}

TEST_CASE("relative Fisher information takes zeros, periodic axes and dynamic ranges beyond the exponent") {
  const Grid grid = oracle::cube(1, 200, 0.0, 1.0, Boundary::periodic);
  const Problem flat{grid, nullptr, {}, Field(grid), std::nullopt, std::nullopt, std::nullopt};
  const Field wave = sample(grid, [](const Point& x) { return std::pow(std::sin(2.0 * M_PI * x[0]), 2); });
  // 4 |(sin k x)'|^2 with the root taken without its sign: kinks at the zeros, first order there.
  CHECK(FisherInformation(flat)(wave) == doctest::Approx(8.0 * M_PI * M_PI).epsilon(5e-2));
  const Grid wide = oracle::cube(1, 2240, -60.0, 80.0);
  const auto V = std::make_shared<oracle::QuadraticPotential>(point({0.0}), tensor({1.0}));
  const Problem far = problem_of(wide, V, {1.0, 1.0}, normal_1d(10.0, 100.0));
  // (1 - 1/100)^2 100 + 10^2; the box ends at seven deviations.
  CHECK(FisherInformation(far)(far.initial) == doctest::Approx(198.01).epsilon(1e-7));
}

TEST_CASE("the gradient term of the descent lemma is what the step moves the mass") {
  // On a line X is the monotone map, so that the term is W2^2(mu_n, mu_{n+1})/gamma^2, measured by quantiles.
  const double gamma = 0.2;
  std::vector<double> h, error;
  for (const Index cells : {96, 144, 216}) {
    const Grid grid = oracle::cube(1, cells, -7.0, 7.0);
    const Problem problem = problem_of(grid, std::make_shared<Wavy>(0.6), {0.4, 1.6}, normal_1d(1.0, 0.8));
    Scheme scheme = forward_backward(problem, gamma, std::pow(grid.largest_spacing(), 2));
    Field rho = problem.initial;
    scheme.step(rho);
    const double moved = w2_squared(LineDistribution(problem.initial), LineDistribution(rho)) / (gamma * gamma);
    h.push_back(grid.largest_spacing());
    error.push_back(std::abs(DescentTerm(problem, gamma)(rho) / moved - 1.0));
  }
  CAPTURE(error);
  // The bias of epsilon = h^2 is of order epsilon^2.
  CHECK(oracle::fitted_order(h, error) > 3.0);
  CHECK(oracle::fitted_order(h, error) < 6.0);
  CHECK(error.back() < 1e-4);
}

TEST_CASE("the gradient term where the forward map is monotone in the box only") {
  // V = (x^2/4 - 1)^2/2: L = 7.1 in the box, and 1/L < gamma a little beyond it.
  struct Wells final : Potential {
    double value(const Point& x) const override { return 0.5 * std::pow(0.25 * x[0] * x[0] - 1.0, 2); }
    Point gradient(const Point& x) const override { return (0.25 * x[0] * x[0] - 1.0) * 0.5 * x; }
    Tensor hessian(const Point& x) const override { return Tensor::Constant(1, 1, 0.375 * x[0] * x[0] - 0.5); }
  };
  const double gamma = 0.1;
  const Grid grid = oracle::cube(1, 192, -4.5, 4.5);
  const Problem problem = problem_of(grid, std::make_shared<Wells>(), {-0.5, 7.1}, normal_1d(1.5, 0.5));
  Scheme scheme = forward_backward(problem, gamma, std::pow(grid.largest_spacing(), 2));
  Field rho = problem.initial;
  for (int n = 0; n < 5; ++n) {
    const LineDistribution before(rho);
    scheme.step(rho);
    const double moved = w2_squared(before, LineDistribution(rho)) / (gamma * gamma);
    // The bias of epsilon = h^2, and mass that the forward map holds at the ends.
    CHECK(DescentTerm(problem, gamma)(rho) == doctest::Approx(moved).epsilon(1e-3));
  }
}

TEST_CASE("the gradient term of Gaussians in two dimensions is that of the affine maps") {
  const double gamma = 0.3;
  const Tensor precision = tensor({1.5, 0.5, 0.5, 1.0});
  const auto V = std::make_shared<oracle::QuadraticPotential>(point({0.5, -0.5}), precision);
  const exact::Normal law{Eigen::Vector2d(-0.5, 0.4), (Eigen::Matrix2d() << 0.8, -0.3, -0.3, 0.7).finished()};
  const exact::Normal next = exact::forward_backward(law, V->closed_form(), gamma);
  const Grid grid = oracle::cube(2, 96, -6.0, 6.0);
  const Problem problem = problem_of(grid, V, {0.69, 1.81}, law);
  // Under mu_{n+1}: x - y = M^-1 (y + gamma grad log mu(y) - c...) - y, affine in y.
  const Eigen::Matrix2d forward = Eigen::Matrix2d::Identity() - gamma * Eigen::Matrix2d(precision);
  const Eigen::Matrix2d back = Eigen::Matrix2d::Identity() - gamma * oracle::inverse(next.covariance);
  const Eigen::Matrix2d map = (oracle::inverse(forward) * back - Eigen::Matrix2d::Identity()) / gamma;
  const double exact =
      (map * next.covariance * map.transpose()).trace() + (law.mean - next.mean).squaredNorm() / (gamma * gamma);
  CHECK(DescentTerm(problem, gamma)(oracle::gaussian_field(grid, next)) == doctest::Approx(exact).epsilon(1e-6));
}

TEST_CASE("the theory's inequalities hold along a run, with the sides they should have") {
  const double gamma = 0.4;
  const Grid grid = oracle::cube(1, 160, -6.0, 6.0);
  const Problem problem = problem_of(grid, std::make_shared<Wavy>(0.6), {0.4, 1.6}, normal_1d(1.5, 0.5));
  Scheme scheme = forward_backward(problem, gamma, std::pow(grid.largest_spacing(), 2));
  REQUIRE(is_proximal_gradient(problem, scheme));
  const auto integrator = std::make_shared<const Integrator>(problem);
  const auto distance = std::make_shared<const TargetDistance>(problem, DiagnosticOptions{}, integrator);
  Theory theory(problem, gamma, distance, integrator);
  Field rho = problem.initial;
  StepReport report;
  const LineDistribution pi(*problem.target);
  double before = w2_squared(LineDistribution(rho), pi);
  CHECK(std::isnan(theory(Theory::evi, {0, 0.0, rho, report, problem}).left));
  for (Index n = 1; n <= 5; ++n) {
    report = scheme.step(rho);
    const StepView view{n, gamma * static_cast<double>(n), rho, report, problem};
    const double now = w2_squared(LineDistribution(rho), pi);
    const double kl = kullback_leibler(rho, *problem.target);
    for (std::size_t k = 0; k < Theory::count; ++k) {
      const auto kind = static_cast<Theory::Kind>(k);
      CAPTURE(Theory::name(kind));
      REQUIRE(theory.applies(kind));
      const Sides sides = theory(kind, view);
      CHECK(sides.left <= sides.right);
    }
    const Sides evi = theory(Theory::evi, view);
    CHECK(evi.left == now);
    CHECK(evi.right == doctest::Approx((1.0 - 0.4 * gamma) * before - 2.0 * gamma * kl).epsilon(1e-10));
    before = now;
  }
}

TEST_CASE("preconditions that fail are named in one line, and the rest applies") {
  const Grid grid = oracle::cube(1, 64, -6.0, 6.0);
  const auto named = [&](double lambda, DistanceMethod w2) {
    const Problem problem = problem_of(grid, std::make_shared<Wavy>(0.6), {lambda, 1.6}, normal_1d(0.0, 1.0));
    const auto integrator = std::make_shared<const Integrator>(problem);
    DiagnosticOptions options;
    options.w2 = w2;
    return Theory(problem, 0.1, std::make_shared<const TargetDistance>(problem, options, integrator), integrator);
  };
  const Theory concave = named(-0.5, DistanceMethod::automatic);
  CHECK(concave.why_not(Theory::evi) == "lambda = -0.5 < 0: V is not convex on the grid");
  CHECK(concave.applies(Theory::descent));
  const Theory flat = named(0.0, DistanceMethod::automatic);
  CHECK(flat.applies(Theory::sublinear));
  CHECK(flat.why_not(Theory::rate) == "lambda = 0: the theory has no linear rate");
  CHECK(named(0.5, DistanceMethod::none).why_not(Theory::evi) ==
        "W2 to the target is not measured: diagnostics.w2 = none");
}
