#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "dense_kernel.hpp"
#include "jko_cases.hpp"
#include "random_values.hpp"
#include "wpg/error.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/kernels/either_fft_kernel.hpp"
#include "wpg/kernels/tilted_fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

using namespace wpg;
using namespace wpg::test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Grid free_line(Index n) { return Grid({{n, -1.0, 3.0, Boundary::free}}); }

double epsilon_on(const Grid& grid, double width) { return square(width * grid.largest_spacing()); }

/// A parabola of curvature -share/epsilon about a point off the middle of the box, and ripples of a few per cent to the
/// length of the kernel and below.
Values parabola(const Grid& grid, double epsilon, double share, double where) {
  return sample(grid,
                [&](const Point& x) {
                  double value = 0.2 * std::cos(5.0 * x[0]) + 0.1 * std::sin(40.0 * x.sum());
                  for (Index k = 0; k < x.size(); ++k) value -= 0.5 * share / epsilon * square(x[k] - where);
                  return value;
                })
      .values;
}

/// 1 in the cells whose point r (x + epsilon b) lies in the box, with half a cell to spare, else 0.
Values inside(const Grid& grid, double epsilon, const QuadraticFit& fit) {
  Values masses = Values::Ones(grid.size());
  for (Index cell = 0; cell < grid.size(); ++cell) {
    for (int k = 0; k < grid.dimension(); ++k) {
      const Axis& axis = grid.axis(k);
      const double v = epsilon / square(axis.spacing());
      const double half = 0.5 * static_cast<double>(axis.cells);
      const double x = static_cast<double>(cell / grid.stride(k) % axis.cells) + 0.5 - half;
      const auto slot = static_cast<std::size_t>(k);
      if (std::abs((x + v * fit.b[slot]) / (1.0 + fit.a[slot] * v)) > half - 0.5) masses[cell] = 0.0;
    }
  }
  return masses;
}

/// Largest difference where masses are positive.
double difference(const Values& a, const Values& b, const Values& masses) {
  return (masses > 0.0).select((a - b).abs(), 0.0).maxCoeff();
}

/// Rounding of logarithms of this size, of the parabola's parts and of their difference.
double rounding(const Values& in) { return 1e-13 + 4e-16 * (in.maxCoeff() - in.minCoeff()); }

std::string refusal(const GibbsKernel& kernel, const Values& in) {
  Values out = Values::Constant(in.size(), 7.0);
  try {
    kernel.apply_log(in, out);
  } catch (const KernelRangeError& error) {
    CHECK((out == 7.0).all());
    return error.what();
  }
  return "";
}

template <class Kernel>
KernelFactory factory() {
  return [](const Grid& on, double epsilon) { return std::make_unique<Kernel>(on, epsilon); };
}

}  // namespace

TEST_CASE("the tilted kernel agrees with the dense oracle on lines, convex and concave, at any range") {
  for (const Index n : {63, 400}) {
    const Grid grid = free_line(n);
    for (const double width : {4.5, 6.0, 8.0, 16.0, 32.0}) {
      const double epsilon = epsilon_on(grid, width);
      const TiltedFftKernel kernel(grid, epsilon);
      const DenseKernel dense(grid, epsilon);
      // Curvatures for which sqrt(r epsilon) is 4.4 h and more.
      for (const double share : {-0.3, -0.1, -0.02, 0.0, 0.02, 0.5, 2.0}) {
        if (width * width < square(4.4) * (1.0 + share) + 0.5) continue;
        for (const double where : {1.0, 1.4}) {
          const Values in = parabola(grid, epsilon, share, where);
          const QuadraticFit fit = kernel.fit(in);
          const Values masses = inside(grid, epsilon, fit);
          Values out(n), expected(n);
          dense.apply_log(in, expected);
          CAPTURE(n);
          CAPTURE(width);
          CAPTURE(share);
          CAPTURE(where);
          kernel.apply_log_where(masses, in, out);
          CHECK(out.allFinite());
          CHECK(difference(out, expected, masses) < rounding(in));
          // Beyond the walls results fall off, and are right or refused.
          Values full = Values::Constant(n, 7.0);
          if (kernel.try_apply_log(fit, nullptr, in, full)) {
            CHECK((full - expected).abs().maxCoeff() < 1e-10);
          } else {
            CHECK((full == 7.0).all());
            CHECK(share < 0.0);
          }
        }
      }
    }
  }
}

TEST_CASE("inputs of log-range 700 and more are served as long as they are near a parabola") {
  const Grid grid = free_line(600);
  const double epsilon = epsilon_on(grid, 20.0);
  for (const double range : {700.0, 2000.0}) {
    const Values in = parabola(grid, epsilon, range * epsilon / 2.0, 1.0);
    REQUIRE(in.maxCoeff() - in.minCoeff() > range - 20.0);
    Values out(grid.size()), expected(grid.size());
    TiltedFftKernel(grid, epsilon).apply_log(in, out);
    DenseKernel(grid, epsilon).apply_log(in, expected);
    CHECK((out - expected).abs().maxCoeff() < rounding(in));
  }
}

TEST_CASE("the tilted kernel agrees with the dense oracle on boxes with unequal cells and odd numbers of them") {
  const Grid plane({{61, -1.0, 3.0, Boundary::free}, {90, -1.0, 3.0, Boundary::free}});
  const Grid space({{21, -1.0, 3.0, Boundary::free}, {18, -1.0, 3.0, Boundary::free}, {19, -1.0, 2.0, Boundary::free}});
  for (const Grid& grid : {plane, space}) {
    const double epsilon = epsilon_on(grid, 6.0);
    const TiltedFftKernel kernel(grid, epsilon);
    const DenseKernel dense(grid, epsilon);
    for (const double share : {-0.2, 0.0, 0.6}) {
      const Values in = parabola(grid, epsilon, share, 1.1);
      const QuadraticFit fit = kernel.fit(in);
      const Values masses = inside(grid, epsilon, fit);
      Values out(grid.size()), expected(grid.size());
      dense.apply_log(in, expected);
      kernel.apply_log_where(masses, in, out);
      CHECK(out.allFinite());
      CHECK(difference(out, expected, masses) < rounding(in));
      // The input may be the output.
      Values same = in;
      kernel.apply_log_where(masses, same, same);
      CHECK((same == out).all());
    }
  }
}

TEST_CASE("zeros of the input are exact: a Gaussian cut off, gaps, single cells") {
  const Grid grid = free_line(200);
  const double epsilon = epsilon_on(grid, 8.0);
  const TiltedFftKernel kernel(grid, epsilon);
  const DenseKernel dense(grid, epsilon);
  const auto check = [&](const Values& in) {
    Values out(200), expected(200);
    kernel.apply_log(in, out);
    dense.apply_log(in, expected);
    CHECK((out - expected).abs().maxCoeff() < 1e-10);
  };
  Values cut = parabola(grid, epsilon, 0.4, 1.0);
  cut.head(25).setConstant(-infinity);
  cut.tail(25).setConstant(-infinity);
  check(cut);
  Values gaps = parabola(grid, epsilon, 0.4, 1.0);
  for (Index i = 0; i < 200; i += 3) gaps[i] = -infinity;
  gaps.segment(90, 12).setConstant(-infinity);
  check(gaps);
  Values one = Values::Constant(200, -infinity);
  one[100] = 3.0;
  // e^-78 at the walls.
  Values out = Values::Constant(200, 7.0);
  CHECK_THROWS_AS(kernel.apply_log(one, out), KernelRangeError);
  Values near = Values::Zero(200);
  near.segment(80, 40).setOnes();
  kernel.apply_log_where(near, one, out);
  Values expected(200);
  dense.apply_log(one, expected);
  CHECK(difference(out, expected, near) < 1e-10);
  CHECK(out.allFinite());
}

TEST_CASE("random remainders are served to the promised accuracy or refused") {
  const Grid grid = free_line(150);
  const double epsilon = epsilon_on(grid, 7.0);
  const TiltedFftKernel kernel(grid, epsilon);
  const DenseKernel dense(grid, epsilon);
  int served = 0;
  for (const double range : {1.0, 6.0, 11.0, 30.0}) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      const Values in = parabola(grid, epsilon, 0.3, 0.8) + random_values(150, -range, 0.0, seed);
      Values out(150), expected(150);
      if (!kernel.try_apply_log(kernel.fit(in), nullptr, in, out)) continue;
      ++served;
      dense.apply_log(in, expected);
      CHECK((out - expected).abs().maxCoeff() < 1e-10);
    }
  }
  CHECK(served >= 10);
  CHECK(served < 20);
}

TEST_CASE("the tilted kernel refuses by name what it cannot do") {
  const Grid grid = free_line(200);
  const double epsilon = epsilon_on(grid, 8.0);
  const TiltedFftKernel kernel(grid, epsilon);
  const Values quartic = sample(grid, [](const Point& x) { return -20.0 * square(square(x[0] - 1.0)); }).values;
  CHECK(refusal(kernel, quartic).find("at most e^") != std::string::npos);
  CHECK(refusal(kernel, quartic).find("is admissible") != std::string::npos);
  CHECK(refusal(kernel, parabola(grid, epsilon, -0.3, 1.4)).find("beyond a wall") != std::string::npos);
  Values broken = parabola(grid, epsilon, 0.3, 1.0);
  for (const double bad : {std::nan(""), infinity}) {
    broken[77] = bad;
    CHECK(refusal(kernel, broken).find("tilted fft kernel") != std::string::npos);
  }
  CHECK(refusal(kernel, Values::Constant(200, -infinity)).find("no finite values") != std::string::npos);

  const Grid mixed({{40, 0.0, 1.0, Boundary::free}, {40, 0.0, 1.0, Boundary::reflecting}});
  CHECK_FALSE(TiltedFftKernel::serves(mixed, 1.0));
  CHECK_THROWS_AS(TiltedFftKernel(mixed, 1.0), InvalidValue);
  CHECK_THROWS_AS(TiltedFftKernel(grid, epsilon_on(grid, 4.3)), InvalidValue);
  CHECK_THROWS_AS(TiltedFftKernel(grid, -1.0), InvalidValue);
  CHECK_THROWS_AS(TiltedFftKernel(grid, epsilon, 1e-14), InvalidValue);
}

TEST_CASE("the tilted kernel gives the same bits for any number of threads") {
  const int before = threads();
  const Grid grid({{70, -1.0, 3.0, Boundary::free}, {150, -1.0, 3.0, Boundary::free}});
  const double epsilon = epsilon_on(grid, 6.0);
  const Values in = parabola(grid, epsilon, 0.4, 1.2);
  Values one(grid.size()), three(grid.size());
  set_threads(1);
  TiltedFftKernel(grid, epsilon).apply_log(in, one);
  set_threads(3);
  TiltedFftKernel(grid, epsilon).apply_log(in, three);
  set_threads(before);
  CHECK((one == three).all());
}

TEST_CASE("the kernels that choose take the tilt where a plain FFT refuses, and tell so") {
  const Grid grid({{128, -1.0, 3.0, Boundary::free}, {96, -1.0, 3.0, Boundary::free}});
  const double epsilon = epsilon_on(grid, 8.0);
  const AutoKernel automatic(grid, epsilon);
  const EitherFftKernel either(grid, epsilon);
  REQUIRE(automatic.tries_tilted_fft());
  const Values steep = parabola(grid, epsilon, 2.0, 1.0);
  const Values quartic = sample(grid, [](const Point& x) { return -20.0 * square(square(x[0] - 1.0)); }).values;
  const Values flat = parabola(grid, epsilon, 0.01, 1.0);
  Values out(grid.size()), expected(grid.size());
  const auto check = [&](const GibbsKernel& kernel, const Values& in, std::string_view name) {
    kernel.apply_log(in, out);
    CHECK(kernel.name() == name);
    TruncatedKernel(grid, epsilon).apply_log(in, expected);
    CHECK((out - expected).abs().maxCoeff() < 1e-10);
  };
  check(automatic, steep, "tilted-fft");
  check(automatic, quartic, "truncated");
  check(either, steep, "tilted-fft");
  check(either, flat, "fft");
  CHECK(refusal(either, quartic).find("tilted fft kernel") != std::string::npos);
  // Not all axes free: the plain kernel alone.
  const Grid mirrored({{128, -1.0, 3.0, Boundary::reflecting}, {96, -1.0, 3.0, Boundary::free}});
  CHECK_FALSE(EitherFftKernel(mirrored, epsilon).tries_tilted());
  CHECK(refusal(EitherFftKernel(mirrored, epsilon), steep).find("along axis") != std::string::npos);
  // Zeros alone are served by the plain one.
  Values nothing = Values::Constant(grid.size(), -infinity);
  either.apply_log(nothing, nothing);
  CHECK((nothing == -infinity).all());
}

TEST_CASE("a JKO step near a Gaussian equilibrium is served by the tilt and agrees with the truncated kernel") {
  const OneThread one_thread;
  const auto check = [](const Grid& grid, double width) {
    const double gamma = 0.2;
    const double half = grid.axis(0).upper;
    // The equilibrium of |x|^2/2 after a forward step: of variance (1 - gamma)^2, in a box shrunk by 1 - gamma.
    const Field nu = unit_mass(sample(grid, [&](const Point& x) {
      const bool reached = x.cwiseAbs().maxCoeff() < (1.0 - gamma) * half;
      return reached ? std::exp(-0.5 * x.squaredNorm() / square(1.0 - gamma)) : 0.0;
    }));
    EntropicOptions options = jko_options(gamma, epsilon_on(grid, width));
    options.kernel = factory<TruncatedKernel>();
    const Solved truncated = solve_once(nu, options);
    options.kernel = factory<AutoKernel>();
    const Solved automatic = solve_once(nu, options);
    CHECK(truncated.report.converged);
    CHECK(automatic.report.converged);
    CHECK(automatic.report.kernel == "tilted-fft");
    CHECK(l1_distance(truncated.rho, automatic.rho) < 2e-8);
  };
  check(Grid({{4096, -6.0, 6.0, Boundary::free}}), 16.0);
  check(Grid({{160, -5.0, 5.0, Boundary::free}, {160, -5.0, 5.0, Boundary::free}}), 8.0);
}
