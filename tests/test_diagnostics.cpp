#include <doctest/doctest.h>

#include <cmath>

#include "oracles.hpp"
#include "wpg/diagnostics/observable.hpp"
#include "wpg/error.hpp"
#include "wpg/recorder.hpp"
#include "wpg/reduce.hpp"

using namespace wpg;

namespace {

/// V = |x|^2 / 2.
class HalfSquare final : public Potential {
 public:
  double value(const Point& x) const override { return 0.5 * x.squaredNorm(); }
  Point gradient(const Point& x) const override { return x; }
  Tensor hessian(const Point& x) const override { return Tensor::Identity(x.size(), x.size()); }
};

class Named final : public Stage {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  void apply(Field&, StepReport&) override {}

 private:
  std::string name_;
};

/// The density of N(mean, covariance), at a point.
double gaussian(const Point& x, const Point& mean, const Tensor& covariance) {
  const Point d = x - mean;
  const double exponent = -0.5 * d.dot(oracle::inverse(covariance) * d);
  return std::exp(exponent) / std::sqrt(std::pow(2.0 * M_PI, x.size()) * oracle::determinant(covariance));
}

std::vector<double> value_of(const std::vector<Diagnostic>& all, const std::string& name, const StepView& view) {
  for (const Diagnostic& d : all) {
    if (d.name != name) continue;
    std::vector<double> out(static_cast<std::size_t>(d.size(view.rho.grid.dimension())));
    d.evaluate(view, out);
    return out;
  }
  return {};
}

Scheme fake_scheme() {
  Scheme scheme{"fake", 0.1, {}};
  scheme.stages.push_back(std::make_unique<Named>("pushforward"));
  scheme.stages.push_back(std::make_unique<Named>("jko"));
  return scheme;
}

Problem gaussian_problem(const Grid& grid, const Point& mean, const Tensor& covariance) {
  const Tensor identity = Tensor::Identity(grid.dimension(), grid.dimension());
  const Point zero = Point::Zero(grid.dimension());
  Problem problem{grid,
                  std::make_shared<HalfSquare>(),
                  {1.0, 1.0},
                  sample(grid, [&](const Point& x) { return gaussian(x, mean, covariance); }),
                  sample(grid, [&](const Point& x) { return gaussian(x, zero, identity); }),
                  Gaussian{mean, covariance},
                  Gaussian{zero, identity}};
  return problem;
}

}  // namespace

TEST_CASE("diagnostics of a Gaussian against closed forms, in one to three dimensions") {
  const std::vector<Axis> axes = {
      {72, -9.0, 9.0, Boundary::free}, {80, -9.0, 9.0, Boundary::free}, {60, -8.0, 8.0, Boundary::free}};
  for (int d = 1; d <= 3; ++d) {
    CAPTURE(d);
    const Grid grid(std::vector<Axis>(axes.begin(), axes.begin() + d));
    Point mean(d);
    Tensor covariance = Tensor::Identity(d, d);
    for (int k = 0; k < d; ++k) {
      mean[k] = 0.3 * (k + 1);
      for (int l = 0; l < k; ++l) covariance(k, l) = covariance(l, k) = 0.2 * (k + l);
    }
    const Problem problem = gaussian_problem(grid, mean, covariance);
    const auto all = standard_diagnostics(problem, fake_scheme());
    const StepReport report;
    const StepView view{0, 0.0, problem.initial, report, problem};
    const double entropy = -0.5 * d * std::log(2.0 * M_PI * M_E) - 0.5 * std::log(oracle::determinant(covariance));
    const double energy = 0.5 * (mean.squaredNorm() + covariance.trace());
    const double kl = 0.5 * (covariance.trace() + mean.squaredNorm() - d - std::log(oracle::determinant(covariance)));
    // Sampled Gaussians at h <= 0.27 sigma cut at 7 sigma or more: midpoint sums are exact to about 1e-9.
    CHECK(value_of(all, "mass", view)[0] == doctest::Approx(1.0).epsilon(1e-9));
    CHECK(value_of(all, "entropy", view)[0] == doctest::Approx(entropy).epsilon(1e-8));
    CHECK(value_of(all, "potential_energy", view)[0] == doctest::Approx(energy).epsilon(1e-8));
    CHECK(value_of(all, "energy", view)[0] == doctest::Approx(energy + entropy).epsilon(1e-8));
    CHECK(value_of(all, "kl", view)[0] == doctest::Approx(kl).epsilon(1e-8));
    const std::vector<double> m = value_of(all, "mean", view);
    const std::vector<double> c = value_of(all, "covariance", view);
    for (int k = 0; k < d; ++k) {
      CHECK(m[static_cast<std::size_t>(k)] == doctest::Approx(mean[k]).epsilon(1e-8));
      for (int l = 0; l < d; ++l) {
        CHECK(c[static_cast<std::size_t>(d * k + l)] == doctest::Approx(covariance(k, l)).epsilon(1e-7));
      }
    }
  }
}

TEST_CASE("shared integrals agree with the separate reductions, zeros included") {
  const Grid grid({{37, -1.0, 2.0}, {150, 100.0, 103.0}});
  Problem problem{grid, nullptr, {}, Field(grid), std::nullopt, std::nullopt, std::nullopt};
  problem.initial = sample(grid, [](const Point& x) { return std::max(0.0, std::sin(7.0 * x[0] * x[1])); });
  problem.target = sample(grid, [](const Point& x) { return 0.1 + x[0] * x[0]; });
  const Integrals i = Integrator(problem)(problem.initial);
  // Sums of the same terms in another order.
  CHECK(i.mass == doctest::Approx(integral(problem.initial)).epsilon(1e-13));
  CHECK(i.entropy == doctest::Approx(entropy(problem.initial)).epsilon(1e-12));
  CHECK(i.kl == doctest::Approx(kullback_leibler(problem.initial, *problem.target)).epsilon(1e-12));
  CHECK(i.potential_energy == 0.0);
  CHECK((i.mean - mean(problem.initial)).norm() < 1e-12 * 100.0);
  CHECK((i.covariance - covariance(problem.initial)).norm() < 1e-12);
}

TEST_CASE("the divergence is infinite where the target vanishes and the density does not") {
  const Grid grid({{8, 0.0, 1.0}});
  Problem problem{grid, nullptr, {}, Field(grid), Field(grid), std::nullopt, std::nullopt};
  problem.initial.values.setOnes();
  problem.target->values.head(4).setConstant(2.0);
  CHECK(std::isinf(Integrator(problem)(problem.initial).kl));
  problem.initial.values.tail(4).setZero();
  problem.initial.values.head(4).setConstant(2.0);
  CHECK(Integrator(problem)(problem.initial).kl == 0.0);
}

TEST_CASE("the divergence counts what lies where the target underflows") {
  // N(10, 100) against N(0, 1): beyond x = 38 the target is below the smallest double, and the density is not.
  const Grid grid({{2240, -60.0, 80.0}});
  const Problem problem = gaussian_problem(grid, Point::Constant(1, 10.0), Tensor::Constant(1, 1, 100.0));
  const double exact = 0.5 * (100.0 + 100.0 - 1.0 - std::log(100.0));
  // The box cuts the density at 7 standard deviations, where V is 3200: 2e-9 of the whole.
  CHECK(Integrator(problem)(problem.initial).kl == doctest::Approx(exact).epsilon(1e-8));
}

TEST_CASE("integrals are the same to the last bit for any number of threads, and renewed with every view") {
  const Grid grid({{333, -3.0, 3.0}, {41, -3.0, 3.0}});
  const Problem problem = gaussian_problem(grid, Point::Constant(2, 0.1), Tensor::Identity(2, 2));
  const Integrator integrator(problem);
  const int before = threads();
  set_threads(1);
  const Integrals one = integrator(problem.initial);
  set_threads(3);
  const Integrals three = integrator(problem.initial);
  set_threads(before);
  CHECK(one.kl == three.kl);
  CHECK(one.covariance == three.covariance);

  const auto all = standard_diagnostics(problem, fake_scheme());
  const StepReport report;
  Field rho = problem.initial;
  const double once = value_of(all, "mass", {0, 0.0, rho, report, problem})[0];
  rho.values *= 2.0;
  CHECK(value_of(all, "mass", {0, 0.0, rho, report, problem})[0] == 2.0 * once);
}

TEST_CASE("reports are missing at step 0 and recorded afterwards; the kernel is an enumeration") {
  const Grid grid({{8, 0.0, 1.0}});
  Problem problem{grid, nullptr, {}, Field(grid), std::nullopt, std::nullopt, std::nullopt};
  problem.initial.values.setOnes();
  const auto all = standard_diagnostics(problem, fake_scheme());
  StepReport report;
  report.jko.iterations = 7;
  report.jko.kernel = "fft";
  report.transport.clamped_mass = 0.25;
  CHECK(std::isnan(value_of(all, "jko_iterations", {0, 0.0, problem.initial, report, problem})[0]));
  const StepView view{1, 0.1, problem.initial, report, problem};
  CHECK(value_of(all, "jko_iterations", view)[0] == 7.0);
  CHECK(value_of(all, "clamped_mass", view)[0] == 0.25);
  CHECK(value_of(all, "kl", view).empty());
  for (const Diagnostic& d : all) {
    if (d.name != "jko_kernel") continue;
    CHECK(d.flags.at(static_cast<std::size_t>(value_of(all, "jko_kernel", view)[0])) == "fft");
  }
}

TEST_CASE("an observable is an expectation under the normalised density") {
  const Grid grid({{100, -8.0, 8.0, Boundary::free}});
  Problem problem = gaussian_problem(grid, Point::Constant(1, 0.5), Tensor::Identity(1, 1));
  problem.initial.values *= 3.0;
  const Diagnostic square = make_observable("square", "x^2", grid, [](const Point& x) { return x[0] * x[0]; });
  const StepReport report;
  double value = 0.0;
  square.evaluate({0, 0.0, problem.initial, report, problem}, std::span(&value, 1));
  CHECK(value == doctest::Approx(1.25).epsilon(1e-10));
  CHECK_THROWS_AS(make_observable("bad", "1/0", grid, [](const Point&) { return INFINITY; }), InvalidValue);
}
