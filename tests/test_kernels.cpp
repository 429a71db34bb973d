#include <doctest/doctest.h>

#include <cmath>

#include "dense_kernel.hpp"
#include "random_values.hpp"
#include "wpg/error.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"
#include "wpg/reduce.hpp"
#include "wpg/schemes/heat_stage.hpp"

using namespace wpg;
using wpg::test::DenseKernel;
using wpg::test::random_values;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};

/// Largest relative difference of exp(a) and exp(b); zeros must coincide.
double relative_difference(const Values& a, const Values& b) {
  double worst = 0.0;
  for (Index k = 0; k < a.size(); ++k) {
    if (a[k] == b[k]) continue;
    const double difference = std::abs(std::expm1(a[k] - b[k]));
    worst = difference <= worst ? worst : difference;
  }
  return worst;
}

double difference_from_dense(const Grid& grid, double epsilon, const Values& in) {
  Values fft(grid.size());
  Values dense(grid.size());
  FftKernel(grid, epsilon).apply_log(in, fft);
  DenseKernel(grid, epsilon).apply_log(in, dense);
  return relative_difference(fft, dense);
}

}  // namespace

TEST_CASE("weights and symbol of the sampled Gaussian are what their definitions say") {
  // 0.1 lies below the self-dual variance 1/(2 pi), the others above it.
  for (const double variance : {0.1, 0.16, 0.7, 5.0, 300.0}) {
    const std::vector<double> g = gaussian_weights(variance, 1e-30, 10000);
    double sum = g[0];
    for (std::size_t k = 1; k < g.size(); ++k) sum += 2.0 * g[k];
    CHECK(sum == doctest::Approx(1.0).epsilon(1e-14));
    for (const Index period : {12, 101}) {
      const std::vector<double> symbol = gaussian_symbol(variance, period);
      REQUIRE(symbol.size() == static_cast<std::size_t>(period / 2 + 1));
      for (std::size_t m = 0; m < symbol.size(); ++m) {
        double direct = g[0];
        for (std::size_t k = 1; k < g.size(); ++k) {
          const auto turn = static_cast<double>((k * m) % static_cast<std::size_t>(period));
          direct += 2.0 * g[k] * std::cos(2.0 * M_PI * turn / static_cast<double>(period));
        }
        CHECK(std::abs(symbol[m] - direct) < 1e-14);
      }
    }
  }
}

TEST_CASE("the FFT kernel agrees with the dense oracle on every boundary and length in 1D") {
  for (const Boundary boundary : boundaries) {
    for (const Index n : {4, 5, 7, 16, 31, 64, 101}) {
      for (const double spread : {0.4, 0.7, 1.0, 3.0, 10.0, 100.0}) {
        const Grid grid({{n, -1.0, 3.0, boundary}});
        const double h = grid.axis(0).spacing();
        CAPTURE(n);
        CAPTURE(spread);
        // Results within e^4 of each other: rounding is 1e-15 of the largest.
        CHECK(difference_from_dense(grid, spread * spread * h * h, random_values(n, -2.0, 2.0)) < 1e-13);
      }
    }
  }
}

TEST_CASE("the FFT kernel agrees with the dense oracle on mixed boundaries in 2D and 3D") {
  for (const Boundary a : boundaries) {
    for (const Boundary b : boundaries) {
      // Odd sizes and unequal spacings: partial batches, single lines, other kernels per axis.
      const Grid plane({{33, 0.0, 1.0, a}, {20, -1.0, 1.0, b}});
      CHECK(difference_from_dense(plane, 0.02, random_values(plane.size(), -2.0, 2.0)) < 1e-13);
      const Grid space({{7, 0.0, 1.0, a}, {8, 0.0, 2.0, b}, {9, 0.0, 1.5, Boundary::reflecting}});
      CHECK(difference_from_dense(space, 0.05, random_values(space.size(), -2.0, 2.0)) < 1e-13);
    }
  }
}

TEST_CASE("the linear FFT kernel acts on signed fields like the dense one, and is symmetric") {
  const Grid grid({{33, 0.0, 1.0, Boundary::free}, {24, -1.0, 1.0, Boundary::reflecting}});
  const FftKernel kernel(grid, 0.01);
  const Values u = random_values(grid.size(), -1.0, 1.0, 3);
  Values v = random_values(grid.size(), -1.0, 1.0, 4);
  Values gu(grid.size());
  Values dense(grid.size());
  kernel.apply(u, gu);
  DenseKernel(grid, 0.01).apply(u, dense);
  CHECK((gu - dense).abs().maxCoeff() < 1e-15 * 10);
  const double right = (gu * v).sum();
  const Values u_copy = u;
  Values gv = v;
  kernel.apply(gv, gv);
  CHECK((u_copy * gv).sum() == doctest::Approx(right).epsilon(1e-13));
}

TEST_CASE("rows sum to one: the uniform density is stationary to rounding") {
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    const Grid grid({{48, 0.0, 1.0, boundary}, {31, 0.0, 1.0, boundary}});
    for (const double epsilon : {0.0005, 0.01, 1.0, 100.0}) {
      Values out = Values::Constant(grid.size(), -700.0);
      FftKernel(grid, epsilon).apply_log(out, out);
      CHECK((out + 700.0).abs().maxCoeff() < 1e-13);  // rounding of 700 itself
    }
  }
}

TEST_CASE("the FFT kernel refuses what it cannot do to its accuracy, and only that") {
  const Grid grid({{64, -4.0, 4.0, Boundary::reflecting}});
  const double epsilon = 0.03;
  const DenseKernel dense(grid, epsilon);
  int served = 0;
  int refused = 0;
  for (double curvature = 0.05; curvature < 100.0; curvature *= 1.3) {
    for (const double sign : {-1.0, 1.0}) {
      const Values in = sample(grid, [&](const Point& x) { return sign * curvature * x[0] * x[0]; }).values;
      Values oracle(grid.size());
      dense.apply_log(in, oracle);
      for (const double accuracy : {1e-12, 1e-10, 1e-7}) {
        const FftKernel kernel(grid, epsilon, accuracy);
        Values out = Values::Constant(grid.size(), 7.0);
        if (kernel.try_apply_log(in, out)) {
          ++served;
          CHECK(relative_difference(out, oracle) < accuracy);
          CHECK(oracle.maxCoeff() - oracle.minCoeff() < std::log(kernel.range_limit()));
        } else {
          ++refused;
          CHECK((out == 7.0).all());
          CHECK(oracle.minCoeff() - in.maxCoeff() < -std::log(0.5 * kernel.range_limit()));
          CHECK_THROWS_AS(kernel.apply_log(in, out), KernelRangeError);
        }
      }
    }
  }
  CHECK(served > 20);
  CHECK(refused > 20);
  // Finite input so low that its exponential vanishes is refused, not taken for zero.
  Values deep = Values::Constant(grid.size(), -800.0);
  deep[0] = 0.0;
  CHECK_THROWS_AS(FftKernel(grid, epsilon, 0.5).apply_log(deep, deep), KernelRangeError);
  deep[5] = std::nan("");
  CHECK_THROWS_AS(FftKernel(grid, 100.0).apply_log(deep, deep), KernelRangeError);
  deep[5] = infinity;
  CHECK_THROWS_AS(FftKernel(grid, 100.0).apply_log(deep, deep), KernelRangeError);
}

TEST_CASE("the range that the FFT kernel serves is counted along lines, not over the field") {
  // Each line spans e^9.4, the field e^18.8; the limit is e^10.2.
  const Grid grid({{16, 0.0, 1.0, Boundary::reflecting}, {16, 0.0, 1.0, Boundary::reflecting}});
  const Values in = sample(grid, [](const Point& x) { return -10.0 * (x[0] + x[1]); }).values;
  CHECK(difference_from_dense(grid, 0.01, in) < 1e-10);
}

TEST_CASE("exact zeros pass through") {
  const Grid grid({{24, 0.0, 1.0, Boundary::free}, {16, 0.0, 1.0, Boundary::periodic}});
  Values in = random_values(grid.size(), -1.0, 1.0);
  for (Index k = 0; k < grid.size(); k += 3) in[k] = -infinity;
  in.segment(24 * 5, 24).setConstant(-infinity);
  CHECK(difference_from_dense(grid, 0.02, in) < 1e-13);
  Values nothing = Values::Constant(grid.size(), -infinity);
  FftKernel(grid, 0.02).apply_log(nothing, nothing);
  CHECK((nothing == -infinity).all());
}

TEST_CASE("kernels give the same bits for any number of threads") {
  const int before = threads();
  const Grid grid({{61, 0.0, 1.0, Boundary::free}, {50, 0.0, 1.0, Boundary::reflecting}});
  const Values in = random_values(grid.size(), -3.0, 3.0);
  Values one(grid.size());
  Values two(grid.size());
  set_threads(1);
  FftKernel(grid, 0.003).apply_log(in, one);
  set_threads(2);
  FftKernel(grid, 0.003).apply_log(in, two);
  set_threads(before);
  CHECK((one == two).all());
}

TEST_CASE("the automatic kernel serves any range and names its choice") {
  const Grid grid({{128, -4.0, 4.0, Boundary::reflecting}});
  const double h = grid.axis(0).spacing();
  const Values mild = random_values(128, -1.0, 1.0);
  const Values wild = sample(grid, [](const Point& x) { return -4000.0 * x[0] * x[0]; }).values;
  Values out(128);
  Values oracle(128);

  const AutoKernel wide(grid, 100.0 * h * h);
  CHECK(wide.name() == "auto");
  CHECK(wide.tries_fft());
  wide.apply_log(mild, out);
  CHECK(wide.name() == "fft");
  DenseKernel(grid, 100.0 * h * h).apply_log(mild, oracle);
  CHECK(relative_difference(out, oracle) < 1e-13);
  wide.apply_log(wild, out);
  CHECK(wide.name() == "truncated");
  DenseKernel(grid, 100.0 * h * h).apply_log(wild, oracle);
  CHECK(relative_difference(out, oracle) < 1e-12);

  // Transforms of a large prime length cost more than the truncated kernel.
  CHECK(!AutoKernel(Grid({{131, -4.0, 4.0}, {131, -4.0, 4.0}}), 100.0 * h * h).tries_fft());
  CHECK(AutoKernel(Grid({{128, -4.0, 4.0}, {128, -4.0, 4.0}}), h * h).tries_fft());
  // On a line alone a refusal costs more than a narrow kernel may win.
  const Grid line({{128, -4.0, 4.0}});
  CHECK(!AutoKernel(line, 2.25 * line.largest_spacing() * line.largest_spacing()).tries_fft());
  CHECK(AutoKernel(line, 9.0 * line.largest_spacing() * line.largest_spacing()).tries_fft());
}

TEST_CASE("the heat flow of a Gaussian has the closed-form variance, and flows compose") {
  const Grid grid({{128, -8.0, 8.0, Boundary::free}, {96, -9.0, 9.0, Boundary::reflecting}});
  const auto gaussian = [](const Point& x) {
    return std::exp(-0.5 * ((x[0] - 0.5) * (x[0] - 0.5) / 0.5 + x[1] * x[1] / 0.8));
  };
  Field rho = sample(grid, gaussian);
  const double mass = integral(rho);
  StepReport report;
  HeatStage(grid, 0.3).apply(rho, report);
  CHECK(integral(rho) == doctest::Approx(mass).epsilon(1e-13));
  CHECK(rho.values.minCoeff() >= 0.0);
  CHECK(report.transport.limited_mass < 1e-12);
  // 2 pi^2 variance / h^2 is 380 and more, so sampling is exact; the boxes end at 6 and more deviations.
  CHECK(covariance(rho)(0, 0) == doctest::Approx(0.8).epsilon(1e-10));
  CHECK(covariance(rho)(1, 1) == doctest::Approx(1.1).epsilon(1e-10));

  Field twice = sample(grid, gaussian);
  HeatStage(grid, 0.1).apply(twice, report);
  HeatStage(grid, 0.2).apply(twice, report);
  CHECK(l1_distance(rho, twice) < 1e-12 * mass);
}

TEST_CASE("a sampled kernel narrower than the grid adds less variance, as its formula says") {
  // variance / h^2 = 0.25: the sum over cells deviates by 4 pi^2 s exp(-2 pi^2 s) relative, s = 0.25, to first order.
  const Grid grid({{64, -8.0, 8.0, Boundary::free}});
  const double h = grid.axis(0).spacing();
  Field rho(grid);
  rho.values[32] = 1.0;
  StepReport report;
  HeatStage(grid, 0.25 * h * h).apply(rho, report);
  const double nome = std::exp(-2.0 * M_PI * M_PI * 0.25);
  const double expected = 0.25 * h * h * (1.0 - 8.0 * M_PI * M_PI * 0.25 * nome / (1.0 + 2.0 * nome));
  // The next term of the dual series is nome^4.
  CHECK(covariance(rho)(0, 0) == doctest::Approx(expected).epsilon(20.0 * std::pow(nome, 4)));
}

TEST_CASE("the heat stage keeps mass over many steps, on reflecting and periodic axes, from a density with a jump") {
  const Grid grid({{40, 0.0, 1.0, Boundary::reflecting}, {33, 0.0, 1.0, Boundary::periodic}});
  Field rho = sample(grid, [](const Point& x) { return x[0] < 0.3 && x[1] < 0.2 ? 1.0 : 0.0; });
  const double mass = integral(rho);
  HeatStage heat(grid, 0.001);
  StepReport report;
  for (int step = 0; step < 100; ++step) {
    heat.apply(rho, report);
    REQUIRE(rho.values.minCoeff() >= 0.0);
  }
  CHECK(integral(rho) == doctest::Approx(mass).epsilon(1e-12));
}

TEST_CASE("kernels and the heat stage refuse parameters out of range by name") {
  const Grid grid({{8, 0.0, 1.0}});
  for (const double bad : {0.0, -1.0, std::nan(""), infinity}) {
    CHECK_THROWS_AS(FftKernel(grid, bad), InvalidValue);
    CHECK_THROWS_AS(HeatStage(grid, bad), InvalidValue);
    CHECK_THROWS_AS(FftKernel(grid, 1.0, bad), InvalidValue);
    CHECK_THROWS_AS(AutoKernel(grid, bad), InvalidValue);
  }
}
