#include "wpg/jko/entropic.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "jko/rung.hpp"
#include "simd.hpp"
#include "wpg/error.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Coarser levels are solved to this multiple of the tolerance, and from a cold start no farther than to coarse_floor:
/// more is undone by the change of epsilon from one level to the next.
constexpr double coarse_slack = 30.0;
constexpr double coarse_floor = 1e-2;
/// From a warm start, whose error tells how far the solution has moved, a tenth of that error will do: the change is
/// not passed on to the finer level any better.
constexpr double warm_share = 0.1;
constexpr Index fewest_cells = 16;

/// The axes that a coarser grid leaves as they are.
std::vector<bool> kept(const Grid& grid, int axes) {
  std::vector<bool> keep;
  keep.reserve(grid.axes().size());
  for (int k = 0; k < grid.dimension(); ++k) keep.push_back(k >= axes || grid.axis(k).cells / 2 < fewest_cells);
  return keep;
}

bool can_coarsen(const Level& level, const EntropicOptions& options) {
  const std::vector<bool> keep = kept(level.grid, options.axes);
  return level.epsilon < 0.5 * options.gamma && std::find(keep.begin(), keep.end(), false) != keep.end();
}

void check(const EntropicOptions& o) {
  const auto require = [](bool ok, const char* name, double value, const std::string& range) {
    if (!ok) throw InvalidValue(name, std::to_string(value), range);
  };
  require(o.gamma > 0.0 && std::isfinite(o.gamma), "gamma", o.gamma, "positive");
  require(o.epsilon > 0.0 && o.epsilon < 2.0 * o.gamma, "epsilon", o.epsilon, "positive and below 2 gamma");
  require(o.tolerance >= 1e-12, "tolerance", o.tolerance, "at least 1e-12");
  require(o.max_iterations >= 1, "max-iterations", o.max_iterations, "at least 1");
}

}  // namespace

struct EntropicJko::Impl {
  Impl(const Grid& grid, EntropicOptions o);

  Descent::Goal goal(std::size_t k) const;
  void set_sources(const Values& nu);
  void start_coarsest();
  void write(const Field& nu, Field& rho, JkoReport& report) const;

  EntropicOptions options;
  std::vector<std::unique_ptr<Rung>> rungs;  ///< finest first
  std::unique_ptr<GibbsKernel> heat;         ///< variance 2 gamma on the coarsest grid
  bool warm = false;
  bool edges = false;  ///< of the last source
};

EntropicJko::Impl::Impl(const Grid& grid, EntropicOptions o) : options(std::move(o)) {
  check(options);
  rungs.push_back(std::make_unique<Rung>(grid, options.epsilon, options, true));
  while (can_coarsen(rungs.back()->level, options)) {
    Rung& fine = *rungs.back();
    const Grid coarse = coarsen(fine.level.grid, kept(fine.level.grid, options.axes));
    const double epsilon = std::min(4.0 * fine.level.epsilon, 1.9 * options.gamma);
    rungs.push_back(std::make_unique<Rung>(coarse, epsilon, options, false));
    fine.link(*rungs.back());
  }
  heat = std::make_unique<TruncatedKernel>(rungs.back()->level.grid, 2.0 * options.gamma, options.axes);
}

/// What rung k is solved to. Tails that are wrong on a coarse level, where they cost little, would take many
/// evaluations on the finest; and a cold guess that fulfils the tolerance there leaves more to do here than one that
/// was corrected once (on a line, where a coarse evaluation costs half a fine one, that does not pay).
Descent::Goal EntropicJko::Impl::goal(std::size_t k) const {
  if (k == 0) return {options.tolerance, 0.0, false, 0};
  const double tolerance = std::max(coarse_slack * options.tolerance, warm ? 0.0 : coarse_floor);
  const bool correct = !warm && rungs[k]->level.grid.dimension() > 1;
  return {tolerance, warm && k + 1 < rungs.size() ? warm_share : 0.0, true, correct ? 2 : 1};
}

void EntropicJko::Impl::set_sources(const Values& nu) {
  rungs.front()->level.set_source(nu);
  for (std::size_t k = 0; k + 1 < rungs.size(); ++k) rungs[k]->pass_source_down();
  // The last solution tells little where edges came or went, as in the first step from a rough density.
  const bool had_edges = std::exchange(edges, rungs.front()->has_edges());
  warm = warm && edges == had_edges;
}

/// The heat flow of variance 2 gamma, which the step is at epsilon = 2 gamma.
void EntropicJko::Impl::start_coarsest() {
  Rung& coarsest = *rungs.back();
  coarsest.iterate().lambda = coarsest.level.nu.log();
  heat->apply_log(coarsest.iterate().lambda, coarsest.iterate().lambda);
}

/// rho with nu's mass to rounding; what the kernel's rounding had lost or added is reported.
void EntropicJko::Impl::write(const Field& nu, Field& rho, JkoReport& report) const {
  const Iterate& solution = rungs.front()->iterate();
  const double mass = integral(nu);
  parallel_blocks(rho.grid.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; i += lanes) {
      store_some(rho.values.data() + i, end - i, exp(load_some(solution.log_rho.data() + i, end - i, 0.0)));
    }
  });
  const double before = integral(rho);
  report.mass_defect = before / mass - 1.0;
  parallel_blocks(rho.grid.size(),
                  [&](Index begin, Index end) { rho.values.segment(begin, end - begin) *= mass / before; });
}

EntropicJko::EntropicJko(const Grid& grid, EntropicOptions options)
    : impl_(std::make_unique<Impl>(grid, std::move(options))) {}

EntropicJko::~EntropicJko() = default;

std::size_t EntropicJko::memory() const {
  std::size_t bytes = 0;
  for (const auto& rung : impl_->rungs) bytes += rung->memory();
  return bytes;
}

JkoReport EntropicJko::solve(const Field& nu, Field& rho) {
  Impl& s = *impl_;
  JkoReport report;
  s.set_sources(nu.values);
  const double fine_cells = static_cast<double>(nu.grid.size());
  for (std::size_t k = s.rungs.size(); k-- > 0;) {
    Rung& rung = *s.rungs[k];
    if (k + 1 == s.rungs.size()) {
      s.start_coarsest();
      report.converged = rung.solve_coarsest(s.goal(k), s.options.max_iterations);
    } else {
      report.converged = rung.solve(s.goal(k), s.warm, s.options.max_iterations);
    }
    report.iterations += rung.evaluations();
  }
  for (const auto& rung : s.rungs) {
    report.kernel_applications +=
        rung->level.applications() * static_cast<double>(rung->level.grid.size()) / fine_cells;
  }
  const Rung& finest = *s.rungs.front();
  const Iterate& solution = finest.iterate();
  report.residual = solution.norm;
  report.gap = finest.level.gamma_prime * solution.divergence;
  report.l1_bound = solution.bound();
  report.epsilon = finest.level.epsilon;
  report.kernel = finest.level.kernel->name();
  s.write(nu, rho, report);
  s.warm = report.converged;
  return report;
}

}  // namespace wpg
