#include "jko/rung.hpp"

#include "jko/wall_start.hpp"

namespace wpg {
namespace {

/// Problems that a grid's higher axes number.
Index independent(const Grid& grid, int axes) {
  Index count = 1;
  for (int k = axes; k < grid.dimension(); ++k) count *= grid.axis(k).cells;
  return count;
}

}  // namespace

Rung::Rung(const Grid& grid, double epsilon, const EntropicOptions& options, bool finest)
    : level(grid, epsilon, options, finest),
      work_(grid.size(), independent(grid, options.axes)),
      descent_(level, work_),
      source_descent_(finest && grid.dimension() == 2 && options.axes >= 2
                          ? std::make_unique<SourceDescent>(level, work_)
                          : nullptr),
      prolonged_(grid.size()),
      source_(grid.size()),
      detail_(Values::Zero(grid.size())) {}

void Rung::link(Rung& next) {
  coarser_ = &next;
  transfer_ = std::make_unique<Transfer>(level.grid, next.level.grid);
  split_ = std::make_unique<SourceSplit>(level.grid, next.level.grid);
}

void Rung::pass_source_down() {
  transfer_->restrict_density(level.nu, coarser_->prolonged_);
  coarser_->level.set_source(coarser_->prolonged_);
}

/// Takes epsilon log(G v) over from the coarser level, which keeps its own in `prolonged_`. Where nu has edges it is
/// split instead of interpolated.
void Rung::interpolate_source(bool edges) {
  Level& coarse = coarser_->level;
  Values& potential = coarser_->prolonged_;
  const Values& lambda = coarser_->iterate().lambda;
  coarse.source_potential(lambda, potential);
  for (int axis = 0; edges && axis < coarse.grid.dimension(); ++axis) {
    if (split_->halves(axis)) coarse.displacement(lambda, potential, axis, split_->displacement(axis));
  }
  potential *= coarse.epsilon;
  transfer_->prolong(potential, source_);
  if (edges) split_->split(coarse.nu, potential, source_);
}

/// Of the difference between the two coarser levels, what a field of first order in epsilon changes by from the coarser
/// one to this one; zero if there is only one.
double Rung::extrapolation() const {
  if (coarser_->coarser_ == nullptr) return 0.0;
  const double coarse = coarser_->level.epsilon, coarsest = coarser_->coarser_->level.epsilon;
  return (coarse - level.epsilon) / (coarsest - coarse);
}

/// Extrapolates epsilon log(G v) in epsilon: its error is of first order, epsilon/2 log nu for smooth densities. Leaves
/// log(G v) in `detail_`.
void Rung::extrapolate_source(bool edges) {
  if (coarser_->coarser_ == nullptr) {
    detail_ = source_ / level.epsilon;
    return;
  }
  const double factor = extrapolation();
  Values& potential = coarser_->prolonged_;
  if (edges) {
    detail_ = source_;
    potential = factor * (potential - coarser_->source_);
    split_->add_limited(potential, detail_);
  } else {
    potential += factor * (potential - coarser_->source_);
    transfer_->prolong(potential, detail_);
  }
  detail_ /= level.epsilon;
}

/// Lambda by a half step from log(G v) in `detail_`; near walls that nu reaches without a kink, from inside.
void Rung::start_cold(bool edges) {
  level.start_from_source(detail_, iterate());
  const Level& coarse = coarser_->level;
  if (edges || !has_mass_at_walls(level.grid, level.nu)) return;
  if (has_ridge(coarse.grid, coarse.epsilon, coarser_->iterate().log_q)) return;
  transfer_->prolong_from_inside(coarser_->detail_, detail_);
  detail_ = prolonged_ + extrapolation() * detail_;
  blend_at_walls(level.grid, detail_, iterate().lambda);
}

bool Rung::descend(Descent::Goal goal, Descent::Start start, int budget, int used) {
  const bool reached = descent_.run(goal, start, budget - used);
  evaluations_ = used + descent_.evaluations();
  if (coarser_ != nullptr) detail_ = iterate().lambda - prolonged_;
  return reached;
}

/// On the side of the source as far as it goes, from log(G v) in `detail_`.
bool Rung::solve_for_source(Descent::Goal goal, int budget) {
  const bool reached = source_descent_->run(detail_, goal.tolerance, budget);
  return descend(goal, reached ? Descent::Start::evaluated : Descent::Start::warm, budget,
                 source_descent_->evaluations());
}

bool Rung::solve(Descent::Goal goal, bool warm, int budget) {
  transfer_->prolong_from_inside(coarser_->iterate().lambda, prolonged_);
  if (warm) {
    iterate().lambda = prolonged_ + detail_;
  } else {
    // Where the finest plane is solved for lambda in spite of edges, as over a floor, interpolation serves it better.
    const bool edges = has_edges() && (!source_descent_ || source_descent_->serves());
    interpolate_source(edges);
    extrapolate_source(edges);
    if (edges && source_descent_) return solve_for_source(goal, budget);
    start_cold(edges);
  }
  return descend(goal, Descent::Start::warm, budget, 0);
}

std::size_t Rung::memory() const {
  // Fields of the level: the source, its logarithm, the tilt and a work field; and three of this class.
  return work_.memory() + descent_.memory() + level.memory() + (source_descent_ ? source_descent_->memory() : 0) +
         (transfer_ ? transfer_->memory() + split_->memory() : 0) +
         static_cast<std::size_t>(level.grid.size()) * 7 * sizeof(double);
}

}  // namespace wpg
