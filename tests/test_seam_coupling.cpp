#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <set>
#include <utility>

#include "dense_kernel.hpp"
#include "jko/descent.hpp"
#include "jko/multigrid.hpp"
#include "jko/seam_cells.hpp"
#include "jko_cases.hpp"
#include "oracles.hpp"
#include "random_values.hpp"
#include "wpg/parallel.hpp"

// The exact coupling beside seams, and the laws of sources that it is made of.

using namespace wpg;
using namespace wpg::oracle;
using namespace wpg::test;

namespace {

/// A coupling at its solution.
struct Coupled {
  Coupled(Field density, double ratio)
      : nu(std::move(density)),
        epsilon(square(nu.grid.largest_spacing())),
        level(nu.grid, epsilon, jko_options(ratio * epsilon, epsilon)),
        work(nu.grid.size(), 1),
        log_gv(nu.grid.size()) {
    level.set_source(nu.values);
    Descent descent(level, work);
    work.current.lambda = nu.values.log();
    CHECK(descent.run({1e-9, 0.0, true, 1}, Descent::Start::cold, 500));
    level.source_potential(work.current.lambda, log_gv);
  }

  SourceSide source() const { return {level.log_mass(), level.log_mass().maxCoeff(), log_gv, false}; }
  /// Row x: the law of the targets of source x.
  Eigen::MatrixXd laws() const {
    const DenseKernel kernel(nu.grid, epsilon);
    const Index n = nu.grid.axis(0).cells, size = nu.grid.size();
    const Values log_v = -level.gamma_prime / epsilon * work.current.lambda;
    Eigen::MatrixXd law(size, size);
    for (Index x = 0; x < size; ++x) {
      for (Index y = 0; y < size; ++y) {
        law(x, y) = kernel.entry(0, x % n, y % n) * kernel.entry(1, x / n, y / n) * std::exp(log_v[y] - log_gv[x]);
      }
    }
    return law;
  }
  /// Masses of the targets' cells.
  Values mass() const { return work.current.log_rho.exp() * nu.grid.cell_volume(); }
  /// What the preconditioner makes of r, with the source's side or without.
  Values corrected(const Values& r, bool with_source) const {
    Multigrid multigrid(nu.grid, level.gamma_prime, epsilon, true);
    const SourceSide side = source();
    multigrid.update(work.current.log_q, work.current.log_rho, Values::Ones(r.size()), with_source ? &side : nullptr);
    Values z(r.size());
    multigrid.apply(r, 1e300, true, z);
    return plain_share * (1.0 - level.kappa) * r + level.kappa * z;
  }

  Field nu;
  double epsilon;
  Level level;
  Workspace work;
  Values log_gv;
};

/// Two bumps over a floor, between which the targets have an oblique seam.
Coupled two_bumps(Index cells, double ratio) {
  return {named(plane_shapes(), "two bumps").on(cube(2, cells, -4.0, 4.0)), ratio};
}

/// Cells within two of one whose law of sources has two parts on either side of a straight seam.
Values seam_of(const Coupled& c, const Eigen::MatrixXd& law) {
  const Index n = c.nu.grid.axis(0).cells;
  const Values mass = c.mass();
  Values seam = Values::Zero(mass.size());
  for (Index y = 0; y < mass.size(); ++y) {
    double right = 0.0;
    for (Index x = 0; x < mass.size(); ++x) {
      const Point at = c.nu.grid.center(x);
      if (2.0 * at[0] + at[1] > 0.0) right += std::exp(c.level.log_mass()[x]) * law(x, y);
    }
    const double share = right / mass[y];
    if (share < 0.02 || share > 0.98) continue;
    for (Index b = -2; b <= 2; ++b) {
      for (Index a = -2; a <= 2; ++a) {
        const Index i = y % n + a, j = y / n + b;
        if (i >= 0 && j >= 0 && i < n && j < n) seam[j * n + i] = 1.0;
      }
    }
  }
  return seam;
}

}  // namespace

TEST_CASE("the laws of sources are those of the coupling, and add up to the targets' masses") {
  const Coupled c = two_bumps(40, 100.0);
  const Grid& grid = c.nu.grid;
  const Eigen::MatrixXd exact = c.laws();
  std::vector<std::int32_t> number(static_cast<std::size_t>(grid.size()));
  for (Index k = 0; k < grid.size(); ++k)
    number[static_cast<std::size_t>(k)] = k % 3 == 0 ? static_cast<std::int32_t>(k) : -1;
  NearCells near(grid);
  CHECK(near.update([](Index, Index) { return true; }));
  SourceLaws laws(grid, c.epsilon);
  const SourceSide side = c.source();
  laws.update({number, near, c.work.current.log_q, c.work.current.log_rho, side});
  Values brought = Values::Zero(grid.size());
  int sources = 0;
  for (const SourceLaws::Half& half : laws.halves()) {
    std::size_t k = 0;
    for (const SourceLaws::Source& source : half.sources) {
      Eigen::VectorXd law = Eigen::VectorXd::Zero(grid.size());
      for (; k < static_cast<std::size_t>(source.end); ++k) {
        const auto [place, probability] = half.targets[k];
        CHECK((place % 3 == 0) == (k < static_cast<std::size_t>(source.wanted)));
        law[place] = probability;
        brought[place] += static_cast<double>(source.mass * probability) * std::exp(side.log_largest);
      }
      CHECK(law.sum() == doctest::Approx(1.0).epsilon(1e-5));
      // Whose law it is: probabilities below the least one are left out and shared among the others.
      CHECK((exact.rowwise() - law.transpose()).cwiseAbs().rowwise().maxCoeff().minCoeff() < 0.02);
      ++sources;
    }
  }
  CHECK(sources > 200);
  // Where no source is too wide; thinned ones stand for their neighbours.
  const Values share = brought / c.mass();
  int fair = 0;
  for (Index k = 0; k < grid.size(); ++k) fair += std::abs(share[k] - 1.0) < 0.1 ? 1 : 0;
  CHECK(fair > grid.size() / 4);
  CHECK(share.maxCoeff() < 2.0);
}

TEST_CASE("beside a seam a correction solves Newton's equation, where links alone leave what crosses it") {
  const Coupled c = two_bumps(48, 200.0);
  const Eigen::MatrixXd law = c.laws();
  const Values mass = c.mass(), seam = seam_of(c, law);
  CHECK(seam.sum() > 60.0);
  const double ratio = c.level.gamma_prime / c.epsilon;
  // One sign on either side of the seam: the slowest mode of the preconditioner without the source's side.
  const Values r =
      seam * sample(c.nu.grid, [](const Point& x) { return 2.0 * x[0] + x[1] > 0.0 ? 1e-3 : -1e-3; }).values;
  const auto left = [&](const Values& d) {
    const Eigen::VectorXd means = c.level.log_mass().exp().matrix().cwiseProduct(law * d.matrix());
    const Values lacking = r - ((1.0 + ratio) * d - ratio * (law.transpose() * means).array() / mass);
    return std::sqrt((mass * seam * lacking.square()).sum() / (mass * seam * r.square()).sum());
  };
  const double without = left(c.corrected(r, false)), with = left(c.corrected(r, true));
  MESSAGE("left of a residual beside the seam: ", without, " by links alone, ", with, " with the coupling");
  CHECK(without > 0.3);
  CHECK(with < 0.5 * without);
}

TEST_CASE("the coupling beside seams is the same for any number of threads, and nothing where there are none") {
  const Coupled c = two_bumps(64, 300.0);
  const Values r = random_values(c.nu.grid.size(), -1.0, 1.0, 5);
  const auto corrected = [&](int count) {
    const int usual = threads();
    set_threads(count);
    Values d = c.corrected(r, true);
    set_threads(usual);
    return d;
  };
  CHECK((corrected(1) == corrected(3)).all());
  CHECK((corrected(1) != c.corrected(r, false)).any());
  const Coupled smooth(named(plane_shapes(), "rotated Gaussian").on(cube(2, 48, -4.0, 4.0)), 30.0);
  const Values s = random_values(smooth.nu.grid.size(), -1.0, 1.0, 6);
  CHECK((smooth.corrected(s, true) == smooth.corrected(s, false)).all());
}

TEST_CASE("a seam of the targets may cross that of a periodic axis") {
  const Grid grid({{48, -4.0, 4.0, Boundary::periodic}, {48, -4.0, 4.0, Boundary::periodic}});
  const Field nu = named(plane_shapes(), "two bumps").on(grid);
  const auto shifted = [](const Values& values) {
    Values moved(values.size());
    for (Index k = 0; k < values.size(); ++k) moved[(k % 48 + 24) % 48 + 48 * ((k / 48 + 24) % 48)] = values[k];
    return moved;
  };
  Field moved(grid);
  moved.values = shifted(nu.values);
  const Coupled inside(nu, 100.0), across(moved, 100.0);
  const Values r = random_values(grid.size(), -1e-3, 1e-3, 7);  // so small that no correction is cut
  const auto part = [](const Coupled& c, const Values& right) {
    return Values(c.corrected(right, true) - c.corrected(right, false));
  };
  const Values expected = shifted(part(inside, r));
  CHECK(expected.abs().maxCoeff() > 0.0);
  // Sources are thinned by where they are; the coupling that they stand for is nearly the same.
  CHECK((part(across, shifted(r)) - expected).abs().maxCoeff() < 0.2 * expected.abs().maxCoeff());
}

TEST_CASE("what is near certain cells is told by blocks, across the seams of periodic axes") {
  const Grid grid({{40, 0.0, 40.0, Boundary::periodic}, {24, 0.0, 24.0, Boundary::periodic}});
  NearCells near(grid);
  CHECK(!near.update([](Index, Index) { return false; }));
  CHECK(near.update([](Index i, Index j) { return i == 39 && j == 0; }));
  for (const double x : {-1.0, 39.2, 0.3, 79.5}) {
    for (const double y : {23.4, -0.4, 0.0, 24.0}) CHECK(near.at(x, y));
  }
  CHECK(!near.at(20.0, 0.0));
  CHECK(!near.at(39.0, 12.0));
}

TEST_CASE("a ridge some cells wide counts as a seam, covariance that is large everywhere does not") {
  const Grid grid({{32, -4.0, 4.0, Boundary::free}, {24, -3.0, 3.0, Boundary::free}});
  const double h = grid.axis(0).spacing();
  const auto columns = [&](const auto& log_q_at) {
    Conductivity conductivity(grid, h * h);
    const Values log_q = sample(grid, [&](const Point& x) { return log_q_at(x[0] / h - 0.5); }).values;
    conductivity.update(log_q, Values::Ones(grid.size()));
    SeamCells cells(grid);
    cells.find(conductivity);
    std::set<Index> found;
    for (const std::int32_t cell : cells.cells()) found.insert(cell % 32);
    CHECK(cells.cells().size() == 24 * found.size());
    return found;
  };
  // S - 1 is 14.4 in column 16, 11.6, 6.5 and 2.9 beside it: it falls by two and more from the inner five.
  CHECK(columns([](double x) { return 60.0 * std::log(std::cosh(0.5 * x)); }) ==
        std::set<Index>{12, 13, 14, 15, 16, 17, 18, 19, 20});
  CHECK(columns([](double x) { return 7.0 * x * x; }).empty());
}
