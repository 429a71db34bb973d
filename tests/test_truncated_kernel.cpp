#include <doctest/doctest.h>

#include <cmath>

#include "dense_kernel.hpp"
#include "random_values.hpp"
#include "wpg/error.hpp"
#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/parallel.hpp"

using namespace wpg;
using wpg::test::DenseKernel;
using wpg::test::random_values;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};

/// Values of f(i) for the cells of a line.
template <class Function>
Values line_values(Index n, Function&& f) {
  Values x(n);
  for (Index i = 0; i < n; ++i) x[i] = f(static_cast<double>(i));
  return x;
}

/// Largest difference of logarithms relative to max(1, |log|): below one in size, the relative error of the
/// exponential; above, in units of the logarithm's own rounding. Infinite unless zeros coincide.
double log_difference(const Values& a, const Values& b) {
  double worst = 0.0;
  for (Index k = 0; k < a.size(); ++k) {
    if (a[k] == b[k]) continue;
    const double difference = std::abs(a[k] - b[k]) / std::max(1.0, std::abs(b[k]));
    if (!(difference <= worst)) worst = std::isfinite(difference) ? difference : infinity;
  }
  return worst;
}

double difference_from_dense(const Grid& grid, double epsilon, const Values& in) {
  Values truncated(grid.size());
  Values dense(grid.size());
  TruncatedKernel(grid, epsilon).apply_log(in, truncated);
  DenseKernel(grid, epsilon).apply_log(in, dense);
  return log_difference(truncated, dense);
}

/// One line of each kind that the scalings of a JKO step bring, and worse: named for the message of a failure.
std::vector<std::pair<std::string, Values>> hard_lines(Index n) {
  const double middle = 0.37 * static_cast<double>(n);
  const auto parabola = [&](double curvature) {
    return line_values(n, [&](double i) { return curvature * (i - middle) * (i - middle); });
  };
  const auto with_zeros = [&](auto&& keep) {
    const Values base = random_values(n, -3.0, 3.0, 7);
    return line_values(n, [&](double i) {
      const auto k = static_cast<Index>(i);
      return keep(k) ? base[k] : -infinity;
    });
  };
  return {
      {"constant", Values::Constant(n, -3.0)},
      {"mild random", random_values(n, -2.0, 2.0)},
      {"random of log-range 1e3", random_values(n, -500.0, 500.0, 2)},
      {"random of log-range 1e5", random_values(n, -5e4, 5e4, 3)},
      {"concave, slopes of hundreds per cell", parabola(-3.0)},
      {"concave, slopes of thousands per cell", parabola(-40.0)},
      {"convex, slopes of thousands per cell", parabola(40.0)},
      {"linear, a thousand per cell", line_values(n, [](double i) { return -1000.0 * i; })},
      {"two wells", line_values(n, [&](double i) { return 900.0 * std::cos(12.0 * i / static_cast<double>(n)); })},
      {"every third cell empty", with_zeros([](Index k) { return k % 3 != 0; })},
      {"empty left half", with_zeros([&](Index k) { return k >= n / 2; })},
      {"empty middle", with_zeros([&](Index k) { return k < n / 5 || k > n - 3; })},
      {"first cell alone", with_zeros([](Index k) { return k == 0; })},
      {"one inner cell alone", with_zeros([&](Index k) { return k == n / 2 + 1; })},
      {"last cell alone", with_zeros([&](Index k) { return k == n - 1; })},
      {"two cells, far apart in size",
       line_values(n,
                   [&](double i) { return i == 1.0 ? 0.0 : (i == static_cast<double>(n - 2) ? 400.0 : -infinity); })},
  };
}

/// Lines of all kinds side by side, so that a bundle of neighbouring lines mixes them.
Values woven(const Grid& grid) {
  Values in(grid.size());
  const auto kinds = hard_lines(grid.axis(0).cells);
  const Index n = grid.axis(0).cells;
  for (Index row = 0; row < grid.size() / n; ++row) {
    in.segment(row * n, n) = kinds[static_cast<std::size_t>(row * 7) % kinds.size()].second;
  }
  return in;
}

}  // namespace

TEST_CASE("the truncated kernel agrees with the dense oracle at any range on every boundary in 1D") {
  for (const Boundary boundary : boundaries) {
    for (const Index n : {4, 7, 16, 33, 110}) {
      const Grid grid({{n, -1.0, 3.0, boundary}});
      const double h = grid.axis(0).spacing();
      for (const double width : {0.55, 0.7, 1.0, 2.0, 4.3, 20.0}) {
        const TruncatedKernel truncated(grid, width * width * h * h);
        const DenseKernel dense(grid, width * width * h * h);
        for (const auto& [kind, in] : hard_lines(n)) {
          Values out(n);
          Values oracle(n);
          truncated.apply_log(in, out);
          dense.apply_log(in, oracle);
          CAPTURE(kind);
          CAPTURE(n);
          CAPTURE(width);
          CAPTURE(static_cast<int>(boundary));
          // A sum of hundreds of positive terms in double precision.
          CHECK(log_difference(out, oracle) < 1e-13);
        }
      }
    }
  }
}

TEST_CASE("long lines: windows that reach across many blocks") {
  const Grid grid({{500, 0.0, 5.0}});
  const Values steep = line_values(500, [](double i) { return -0.8 * (i - 200.0) * (i - 200.0); });
  const Values bumps = line_values(500, [](double i) {
    return std::log(std::exp(-0.01 * (i - 100.0) * (i - 100.0)) + std::exp(-0.3 * (i - 420.0) * (i - 420.0)) + 1e-300);
  });
  for (const double width : {1.0, 6.0, 20.0}) {
    CHECK(difference_from_dense(grid, width * width * 1e-4, steep) < 1e-13);
    CHECK(difference_from_dense(grid, width * width * 1e-4, -steep) < 1e-13);
    CHECK(difference_from_dense(grid, width * width * 1e-4, 50.0 * bumps) < 1e-13);
    CHECK(difference_from_dense(grid, width * width * 1e-4, -50.0 * bumps) < 1e-13);
  }
}

TEST_CASE("long smooth lines: sums in pairs and as they are, terms carried from group to group and not") {
  const Grid grid({{200, 0.0, 2.0}, {9, 0.0, 0.09}});
  for (const double slope : {0.3, 2.0, 30.0}) {
    const Values wave =
        sample(grid, [&](const Point& x) { return 0.2 * slope * std::sin(500.0 * x[0] + 40.0 * x[1]); }).values;
    const Values waves =
        sample(grid, [&](const Point& x) { return slope * std::sin(7.0 * x[0] * (1.0 + 20.0 * x[1])); }).values;
    for (const double width : {1.8, 2.5, 4.0, 6.5}) {
      CAPTURE(slope);
      CAPTURE(width);
      CHECK(difference_from_dense(grid, width * width * 1e-4, wave) < 1e-13);
      CHECK(difference_from_dense(grid, width * width * 1e-4, waves) < 1e-13);
      CHECK(difference_from_dense(grid, width * width * 1e-4, 50.0 * waves) < 1e-13);
    }
  }
}

TEST_CASE("the truncated kernel agrees with the dense oracle on mixed boundaries in 2D and 3D") {
  for (const Boundary a : boundaries) {
    for (const Boundary b : boundaries) {
      // Lines of different kinds in one bundle, line counts that leave bundles part empty, cells of aspect 2.5.
      const Grid plane({{45, 0.0, 1.0, a}, {21, -1.0, 0.2, b}});
      const double h = plane.largest_spacing();
      CAPTURE(static_cast<int>(a));
      CAPTURE(static_cast<int>(b));
      CHECK(difference_from_dense(plane, 0.5 * h * h, woven(plane)) < 1e-13);
      CHECK(difference_from_dense(plane, 9.0 * h * h, random_values(plane.size(), -2e3, 2e3)) < 1e-13);
      const Grid space({{7, 0.0, 1.0, a}, {10, 0.0, 2.0, b}, {9, 0.0, 1.5, Boundary::reflecting}});
      CHECK(difference_from_dense(space, 0.06, woven(space)) < 1e-13);
      CHECK(difference_from_dense(space, 0.6, random_values(space.size(), -2e3, 2e3)) < 1e-13);
    }
  }
}

TEST_CASE("lines of zeros stay zeros, and only they") {
  for (const Boundary boundary : boundaries) {
    const Grid grid({{24, 0.0, 1.0, boundary}, {13, 0.0, 1.0, boundary}});
    Values nothing = Values::Constant(grid.size(), -infinity);
    TruncatedKernel(grid, 0.01).apply_log(nothing, nothing);
    CHECK((nothing == -infinity).all());
    Values line = Values::Constant(grid.size(), -infinity);
    line.segment(24 * 5, 24).setConstant(-2.0);
    CHECK(difference_from_dense(grid, 0.01, line) < 1e-13);
  }
}

TEST_CASE("the truncated and the FFT kernel agree where the latter serves") {
  for (const Boundary a : boundaries) {
    const Grid grid({{120, -3.0, 3.0, a}, {77, -3.0, 3.0, Boundary::free}});
    const double h = grid.largest_spacing();
    const Values in = random_values(grid.size(), -3.0, 3.0);
    for (const double width : {0.6, 1.0, 3.0, 8.0}) {
      Values truncated(grid.size());
      Values fft(grid.size());
      TruncatedKernel(grid, width * width * h * h).apply_log(in, truncated);
      FftKernel(grid, width * width * h * h).apply_log(in, fft);
      // A line's results lie within e^10 of its largest input: 1e-15 of that is 1e-11 of the smallest at worst.
      CHECK(log_difference(truncated, fft) < 1e-11);
    }
  }
}

TEST_CASE("the truncated kernel's rows sum to one: the uniform density is stationary to rounding") {
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
    const Grid grid({{48, 0.0, 1.0, boundary}, {31, 0.0, 1.0, boundary}});
    for (const double epsilon : {0.0005, 0.01, 0.2}) {
      Values out = Values::Zero(grid.size());
      TruncatedKernel(grid, epsilon).apply_log(out, out);
      CHECK(out.abs().maxCoeff() < 1e-14 * 10);
    }
  }
}

TEST_CASE("the truncated kernel gives the same bits for any number of threads, and in place") {
  const int before = threads();
  const Grid grid({{61, 0.0, 1.0, Boundary::free}, {50, 0.0, 1.0, Boundary::reflecting}});
  const Values in = random_values(grid.size(), -300.0, 300.0);
  Values one(grid.size());
  Values three(grid.size());
  const TruncatedKernel kernel(grid, 0.003);
  set_threads(1);
  kernel.apply_log(in, one);
  set_threads(3);
  kernel.apply_log(in, three);
  CHECK((one == three).all());
  three = in;
  kernel.apply_log(three, three);
  CHECK((one == three).all());
  set_threads(before);
}

TEST_CASE("the truncated kernel refuses an epsilon that the grid does not resolve, by name") {
  const Grid grid({{10, 0.0, 1.0}, {5, 0.0, 1.0}});
  for (const double bad : {0.0, -1.0, 0.29 * 0.04, std::nan("")}) {
    try {
      TruncatedKernel kernel(grid, bad);
      FAIL("accepted");
    } catch (const InvalidValue& error) {
      CHECK(error.parameter == "epsilon");
    }
  }
}
