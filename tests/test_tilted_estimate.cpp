#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <optional>

#include "jko_cases.hpp"
#include "wpg/kernels/tilted_fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

using namespace wpg;
using namespace wpg::test;

namespace {

/// How often the tilted kernel's expectation was right.
struct Verdicts {
  int served = 0, missed = 0, refused = 0, in_vain = 0;
};

/// The truncated kernel, which on the way asks the tilted one what it expects of every input, and what it can do.
class Judge final : public GibbsKernel {
 public:
  Judge(const Grid& grid, double epsilon, Verdicts& verdicts) : truncated_(grid, epsilon), verdicts_(verdicts) {
    if (TiltedFftKernel::serves(grid, epsilon)) tilted_.emplace(grid, epsilon);
  }
  void apply_log(const Values& in, Values& out) const override { judge(nullptr, in, out); }
  void apply_log_where(const Values& masses, const Values& in, Values& out) const override { judge(&masses, in, out); }
  std::string_view name() const override { return "judge"; }

 private:
  void judge(const Values* masses, const Values& in, Values& out) const {
    if (tilted_) {
      Values result(in.size());
      const QuadraticFit fit = tilted_->fit(in);
      const bool expected = tilted_->expects(fit, masses, in);
      const bool served = tilted_->try_apply_log(fit, masses, in, result);
      ++(served ? verdicts_.served : verdicts_.refused);
      if (served && !expected) ++verdicts_.missed;
      if (!served && expected) ++verdicts_.in_vain;
    }
    truncated_.apply_log(in, out);
  }

  TruncatedKernel truncated_;
  std::optional<TiltedFftKernel> tilted_;
  Verdicts& verdicts_;
};

}  // namespace

TEST_CASE("an estimate tells which inputs of JKO steps will be served, before any transform") {
  const OneThread one_thread;
  const auto gaussian = [](double degrees, double aspect) {
    return [=](const Grid& grid) {
      const double c = std::cos(degrees * std::numbers::pi / 180.0);
      const double s = std::sin(degrees * std::numbers::pi / 180.0);
      return unit_mass(sample(grid, [&](const Point& x) {
        const double u = c * (x[0] - 0.2) + s * (x[1] + 0.3);
        const double v = -s * (x[0] - 0.2) + c * (x[1] + 0.3);
        return std::exp(-0.5 * (square(u) + square(aspect * v)) / square(0.8));
      }));
    };
  };
  std::vector<Shape> shapes{{"", gaussian(20.0, 1.5)}, {"", gaussian(45.0, 1.2)}, {"", gaussian(35.0, 3.0)}};
  for (const Shape& shape : plane_shapes()) {
    if (shape.name == "two bumps" || shape.name == "disc") shapes.push_back(shape);
  }
  Verdicts verdicts;
  for (const double width : {4.5, 6.4, 8.0}) {
    const Grid grid({{120, -4.0, 4.0, Boundary::free}, {88, -4.0, 4.0, Boundary::free}});
    for (const Shape& shape : shapes) {
      const double epsilon = square(width * grid.largest_spacing());
      EntropicOptions options = jko_options(3.0 * epsilon, epsilon);
      options.kernel = [&](const Grid& on, double eps) { return std::make_unique<Judge>(on, eps, verdicts); };
      CHECK(solve_once(shape.on(grid), options).report.converged);
    }
  }
  MESSAGE("served ", verdicts.served, ", of these unexpectedly ", verdicts.missed, "; refused ", verdicts.refused,
          ", of these after a transform in vain ", verdicts.in_vain);
  CHECK(verdicts.served > 50);
  CHECK(verdicts.refused > 50);
  CHECK(20 * verdicts.missed <= verdicts.served);
  CHECK(50 * verdicts.in_vain <= verdicts.refused);
}
