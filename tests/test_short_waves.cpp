#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "jko/axis_preconditioner.hpp"
#include "jko/short_waves.hpp"
#include "wpg/field.hpp"

using namespace wpg;

namespace {

constexpr Index cells = 32;
constexpr double unit = 400.0;

/// Smallest and largest of approximate over exact corrections, less one.
struct Range {
  double low = 0.0, high = 0.0;

  void include(double error) {
    low = std::min(low, error);
    high = std::max(high, error);
  }
};

/// The isotropic nine-point stencil with conductivity T everywhere, periodic; its right side is a mode.
Stencil uniform_stencil(double t, double kx, double ky) {
  Stencil s(cells, cells, {true, true});
  for (Index j = 0; j < cells; ++j) {
    for (Index i = 0; i < cells; ++i) {
      const auto p = static_cast<std::size_t>(s.at(static_cast<int>(i & 1), i / 2, j));
      for (const Direction d : directions) {
        const double link = unit * t * (d == east || d == north ? 2.0 / 3.0 : 1.0 / 6.0);
        s.forward[d][p] = s.backward[d][p] = static_cast<float>(link);
      }
      s.right[p] = static_cast<float>(std::cos(kx * static_cast<double>(i) + ky * static_cast<double>(j)));
    }
  }
  s.fill_ghosts(s.right);
  return s;
}

/// Of all modes of the plane, in the limit of kappa = 1.
Range errors_in_the_plane(double t, bool short_waves) {
  Range range;
  for (Index a = 0; a <= cells / 2; ++a) {
    for (Index b = 0; b <= cells / 2; ++b) {
      if (a + b == 0) continue;
      const double kx = 2.0 * M_PI * static_cast<double>(a) / cells, ky = 2.0 * M_PI * static_cast<double>(b) / cells;
      const Stencil s = uniform_stencil(t, kx, ky);
      const double laplacian =
          4.0 / 3 * (2.0 - std::cos(kx) - std::cos(ky)) + 1.0 / 3 * (2.0 - std::cos(kx + ky) - std::cos(kx - ky));
      double share = plain_share;
      if (short_waves) share += ShortWaves{unit}.at(s, s.at(0, 0, 0), s.forward_offsets(0), s.backward_offsets(0))[0];
      range.include((1.0 / (t * laplacian) + share) * -std::expm1(-t * (kx * kx + ky * ky)) - 1.0);
    }
  }
  return range;
}

/// Of all modes of a periodic line with S = I, with the preconditioner itself.
Range errors_on_a_line(double spread, bool short_waves) {
  const double h = 1.0 / cells, epsilon = spread * h * h, gamma_prime = 1000.0 * epsilon;
  const double kappa = gamma_prime / (gamma_prime + epsilon);
  const Grid grid({{cells, 0.0, 1.0, Boundary::periodic}});
  AxisPreconditioner preconditioner(grid, gamma_prime, epsilon);
  preconditioner.update(Values::Zero(cells), Values::Zero(cells), Values::Ones(cells), nullptr);
  Range range;
  for (Index a = 0; a <= cells / 2; ++a) {
    const double k = 2.0 * M_PI * static_cast<double>(a);
    const Values wave = sample(grid, [&](const Point& x) { return std::cos(k * (x[0] - 0.5 * h)); }).values;
    Values z(cells);
    preconditioner.apply(wave, 1e300, short_waves, z);
    const double exact = (1.0 - kappa) / (1.0 - kappa * std::exp(-epsilon * k * k));
    range.include((plain_share * (1.0 - kappa) + kappa * z[0]) / exact - 1.0);
  }
  return range;
}

}  // namespace

TEST_CASE("with what short waves miss, a correction in the plane is within a tenth of Newton's") {
  for (const double t : {0.5, 0.7, 1.0, 2.0, 3.0}) {
    CAPTURE(t);
    const Range with = errors_in_the_plane(t, true);
    CHECK(with.low > -0.10);
    CHECK(with.high < 0.07);
    CHECK(errors_in_the_plane(t, false).high > 0.15);
  }
  for (const double t : {0.1, 0.2, 10.0, 1000.0}) {
    CAPTURE(t);
    const Range with = errors_in_the_plane(t, true);
    CHECK(with.low > -0.19);
    CHECK(with.high < (t < 0.15 ? 0.5 : 0.24));
  }
}

TEST_CASE("and so is one on a line, by the preconditioner") {
  for (const double spread : {0.7, 1.0, 2.0, 3.0}) {
    CAPTURE(spread);
    const Range with = errors_on_a_line(spread, true);
    CHECK(with.low > -0.10);
    CHECK(with.high < 0.08);
    CHECK(errors_on_a_line(spread, false).high > 0.15);
  }
}
