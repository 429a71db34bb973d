#include <doctest/doctest.h>

#include <cmath>

#include "dense_kernel.hpp"
#include "jko_cases.hpp"
#include "random_values.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

using namespace wpg;
using namespace wpg::test;

namespace {

constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};

/// Gaussian-like: a parabola that falls (or rises, with `range` < 0) by `range` to the nearer wall, and a ripple.
Field gaussian_like(const Grid& grid, double range) {
  return sample(grid, [&](const Point& x) { return -range * square(x[0] - 0.1) + 0.4 * std::cos(5.0 * x[0]); });
}

double largest_difference(const GibbsKernel& kernel, const GibbsKernel& oracle, const Values& in) {
  Values out(in.size());
  Values expected(in.size());
  kernel.apply_log(in, out);
  oracle.apply_log(in, expected);
  return (out - expected).abs().maxCoeff();
}

/// One JKO step of a Gaussian near the equilibrium of a quadratic potential, at sqrt(epsilon)/h = 8.
struct WideStep {
  WideStep() : nu(unit_mass(sample(grid, [](const Point& x) { return std::exp(-0.5 * square(x[0]) / 0.32); }))) {
    options = jko_options(0.2, square(8.0 * grid.largest_spacing()), 1e-9);
  }
  Grid grid{{{160, -4.0, 4.0, Boundary::reflecting}}};
  Field nu;
  EntropicOptions options;
};

template <class Kernel>
KernelFactory factory() {
  return [](const Grid& on, double epsilon) { return std::make_unique<Kernel>(on, epsilon); };
}

}  // namespace

TEST_CASE("wide kernels keep relative accuracy on Gaussian-like inputs of log-range 700") {
  for (const Boundary boundary : boundaries) {
    const Grid grid({{200, -1.0, 1.0, boundary}});
    const double h = grid.largest_spacing();
    for (const double width : {4.0, 8.0, 16.0}) {
      const double epsilon = square(width * h);
      const TruncatedKernel truncated(grid, epsilon);
      const DenseKernel dense(grid, epsilon);
      for (const double range : {700.0, -700.0}) {
        const Values in = gaussian_like(grid, range).values;
        CAPTURE(width);
        CAPTURE(range);
        CAPTURE(static_cast<int>(boundary));
        // Rounding of logarithms of 700 and of their differences.
        CHECK(largest_difference(truncated, dense, in) < 2e-12);
        Values out(in.size());
        CHECK_THROWS_AS(FftKernel(grid, epsilon).apply_log(in, out), KernelRangeError);
        const AutoKernel automatic(grid, epsilon);
        automatic.apply_log(in, out);
        CHECK(automatic.name() == "truncated");
      }
    }
  }
}

TEST_CASE("a kernel through a coarser lattice equals the single sum on either side of the change") {
  for (const Boundary boundary : boundaries) {
    // Lengths of which the coarser spacing is no divisor, shorter and longer than a block, and than the kernel is wide.
    for (const Index n : {4, 17, 61, 150}) {
      const Grid grid({{n, -1.0, 3.0, boundary}});
      const double h = grid.axis(0).spacing();
      for (const double width : {7.3, 7.4, 7.5, 9.1, 40.0}) {
        CAPTURE(n);
        CAPTURE(width);
        const TruncatedKernel truncated(grid, square(width * h));
        const DenseKernel dense(grid, square(width * h));
        // Sums of hundreds of positive terms; the logarithms are below 4 in size.
        CHECK(largest_difference(truncated, dense, random_values(n, -2.0, 2.0)) < 1e-13);
        CHECK(largest_difference(truncated, dense, Values::Zero(n)) < 2e-14);
      }
    }
  }
}

TEST_CASE("a wide kernel is symmetric and keeps exact zeros") {
  const Grid grid({{90, 0.0, 1.0, Boundary::reflecting}});
  const TruncatedKernel kernel(grid, square(10.0 * grid.largest_spacing()));
  const auto entry = [&](Index i, Index j) {
    Values in = Values::Constant(90, -std::numeric_limits<double>::infinity());
    Values out(90);
    in[j] = 0.0;
    kernel.apply_log(in, out);
    return out[i];
  };
  for (const Index i : {0, 13, 44, 89}) {
    for (const Index j : {2, 44, 71}) CHECK(entry(i, j) == doctest::Approx(entry(j, i)).epsilon(1e-13));
  }
  Values nothing = Values::Constant(90, -std::numeric_limits<double>::infinity());
  kernel.apply_log(nothing, nothing);
  CHECK((nothing == -std::numeric_limits<double>::infinity()).all());
}

TEST_CASE("a wide kernel takes lines of zeros, also where its coarser lattice goes on beyond the walls") {
  for (const Boundary boundary : boundaries) {
    const Grid grid({{120, -5.0, 5.0, boundary}, {90, -5.0, 5.0, boundary}});
    const double epsilon = square(9.0 * grid.largest_spacing());
    const Values in =
        sample(grid, [](const Point& x) {
          return x.cwiseAbs().maxCoeff() < 3.0 ? -x.squaredNorm() : -std::numeric_limits<double>::infinity();
        }).values;
    // Rounding of logarithms below 30.
    CHECK(largest_difference(TruncatedKernel(grid, epsilon), DenseKernel(grid, epsilon), in) < 1e-12);
  }
}

TEST_CASE("a wide JKO step near a Gaussian equilibrium is the dense kernel's, where a plain FFT refuses") {
  const OneThread one_thread;
  WideStep step;
  step.options.kernel = factory<TruncatedKernel>();
  const Solved truncated = solve_once(step.nu, step.options);
  step.options.kernel = factory<AutoKernel>();
  const Solved automatic = solve_once(step.nu, step.options);
  step.options.kernel = factory<DenseKernel>();
  const Solved dense = solve_once(step.nu, step.options);
  REQUIRE(truncated.report.converged);
  CHECK(truncated.report.iterations == dense.report.iterations);
  // The kernels agree to 1e-13, so do the iterates; the FFT's promise is 1e-10 an application.
  CHECK(l1_distance(truncated.rho, dense.rho) < 1e-11);
  CHECK(l1_distance(automatic.rho, dense.rho) < 2e-9);
  step.options.kernel = factory<FftKernel>();
  CHECK_THROWS_AS(solve_once(step.nu, step.options), KernelRangeError);
}

TEST_CASE("a trial of the FFT kernel gives up on the lines of any axis, and only where it would be refused") {
  const Grid grid({{37, -1.0, 1.0, Boundary::reflecting}, {40, -1.0, 1.0, Boundary::free}, {24, -1.0, 1.0}});
  const double epsilon = 0.04;
  const FftKernel kernel(grid, epsilon);
  for (int axis = 0; axis < 3; ++axis) {
    const auto falling = [&](double range) {
      return sample(grid, [&](const Point& x) { return -range * square(x[axis]) + 0.5 * std::cos(3.0 * x.sum()); })
          .values;
    };
    CAPTURE(axis);
    Values out = Values::Constant(grid.size(), 7.0);
    const Values steep = falling(60.0);
    CHECK_FALSE(kernel.try_apply_log(steep, out));
    CHECK((out == 7.0).all());
    CHECK_THROWS_AS(kernel.apply_log(steep, out), KernelRangeError);
    CHECK(kernel.try_apply_log(falling(3.0), out));
    CHECK(largest_difference(AutoKernel(grid, epsilon), TruncatedKernel(grid, epsilon), steep) < 1e-11);
  }
}
