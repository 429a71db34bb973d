#include "unpreconditioned.hpp"

#include <algorithm>
#include <utility>

#include "jko/anderson.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

namespace wpg::bench {
namespace {

/// As the solver has them.
constexpr double coarse_slack = 30.0;
constexpr double coarse_floor = 3e-3;
constexpr Index fewest_cells = 16;

}  // namespace

Unpreconditioned::Unpreconditioned(const Grid& grid, const EntropicOptions& options, bool nested, bool accelerated)
    : options_(options), accelerated_(accelerated) {
  levels_.push_back(std::make_unique<Level>(grid, options.epsilon, options));
  while (nested && levels_.back()->epsilon < 0.5 * options.gamma &&
         levels_.back()->grid.axis(0).cells >= 2 * fewest_cells) {
    const Level& fine = *levels_.back();
    const Grid coarse = coarsen(fine.grid, std::vector<bool>(static_cast<std::size_t>(grid.dimension()), false));
    const double epsilon = std::min(4.0 * fine.epsilon, 1.9 * options.gamma);
    transfers_.push_back(std::make_unique<Transfer>(fine.grid, coarse));
    levels_.push_back(std::make_unique<Level>(coarse, epsilon, options, false));
  }
}

/// The heat flow of variance 2 gamma on the coarsest level, then the coarser level's lambda.
void Unpreconditioned::start(std::size_t k) {
  const Level& level = *levels_[k];
  Values start(level.grid.size());
  if (k + 1 == levels_.size()) {
    start = level.nu.log();
    TruncatedKernel(level.grid, 2.0 * options_.gamma).apply_log(start, start);
  } else {
    transfers_[k]->prolong(lambda_, start);
  }
  lambda_ = std::move(start);
}

/// Proposals are taken where the error does not rise by much, as in the solver; else a plain step is.
bool Unpreconditioned::accelerate(Level& level, double tolerance, int budget) {
  Anderson anderson(level.grid.size());
  Iterate current(level.grid.size()), trial(level.grid.size());
  Values correction(level.grid.size());
  current.lambda = lambda_;
  level.evaluate(current);
  double best = current.error();
  for (int used = 1; current.error() > tolerance && used < budget; ++used) {
    correction = (1.0 - level.kappa) * current.residual;
    anderson.weigh(current.log_rho);
    anderson.propose(current.lambda, correction, trial.lambda);
    level.evaluate(trial);
    const bool admissible = trial.error() <= std::max(current.error(), std::min(4.0 * current.error(), 8.0 * best));
    if (!admissible) {
      anderson.clear();
      level.plain(current, trial.lambda);
      level.evaluate(trial);
      ++used;
    }
    std::swap(current, trial);
    best = std::min(best, current.error());
  }
  lambda_ = current.lambda;
  return current.error() <= tolerance;
}

bool Unpreconditioned::run(std::size_t k, double tolerance, int budget) {
  Level& level = *levels_[k];
  if (accelerated_) return accelerate(level, tolerance, budget);
  Iterate iterate(level.grid.size());
  iterate.lambda = lambda_;
  level.evaluate(iterate);
  for (int used = 1; iterate.error() > tolerance && used < budget; ++used) {
    level.plain(iterate, iterate.lambda);
    level.evaluate(iterate);
  }
  lambda_ = iterate.lambda;
  return iterate.error() <= tolerance;
}

Count Unpreconditioned::solve(const Field& nu, int budget) {
  Count count;
  levels_.front()->set_source(nu.values);
  for (std::size_t k = 1; k < levels_.size(); ++k) {
    Values coarse(levels_[k]->grid.size());
    transfers_[k - 1]->restrict_density(levels_[k - 1]->nu, coarse);
    levels_[k]->set_source(coarse);
  }
  for (std::size_t k = levels_.size(); k-- > 0;) {
    start(k);
    const double tolerance = k == 0 ? options_.tolerance : std::max(coarse_slack * options_.tolerance, coarse_floor);
    count.reached = run(k, tolerance, budget);
  }
  for (const auto& level : levels_) {
    count.pairs +=
        0.5 * level->applications() * static_cast<double>(level->grid.size()) / static_cast<double>(nu.grid.size());
  }
  return count;
}

}  // namespace wpg::bench
