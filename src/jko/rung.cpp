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
      descent(level, independent(grid, options.axes)),
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

/// Takes epsilon log(G v) over from the coarser level, which keeps its own in `prolonged_`. Returns whether nu has
/// edges, with which it is split instead of interpolated.
bool Rung::interpolate_source() {
  Level& coarse = coarser_->level;
  Values& potential = coarser_->prolonged_;
  const Values& lambda = coarser_->descent.iterate().lambda;
  const bool edges = has_edges();
  coarse.source_potential(lambda, potential);
  for (int axis = 0; edges && axis < coarse.grid.dimension(); ++axis) {
    if (split_->halves(axis)) coarse.displacement(lambda, potential, axis, split_->displacement(axis));
  }
  potential *= coarse.epsilon;
  transfer_->prolong(potential, source_);
  if (edges) split_->split(coarse.nu, potential, source_);
  return edges;
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

void Rung::start(bool warm) {
  Values& lambda = descent.iterate().lambda;
  transfer_->prolong_from_inside(coarser_->descent.iterate().lambda, prolonged_);
  if (warm) {
    lambda = prolonged_ + detail_;
    return;
  }
  const bool edges = interpolate_source();
  extrapolate_source(edges);
  level.start_from_source(detail_, lambda);
  const Level& coarse = coarser_->level;
  if (edges || !has_mass_at_walls(level.grid, level.nu)) return;
  if (has_ridge(coarse.grid, coarse.epsilon, coarser_->descent.iterate().log_q)) return;
  transfer_->prolong_from_inside(coarser_->detail_, detail_);
  detail_ = prolonged_ + extrapolation() * detail_;
  blend_at_walls(level.grid, detail_, lambda);
}

void Rung::keep_detail() {
  if (coarser_ != nullptr) detail_ = descent.iterate().lambda - prolonged_;
}

std::size_t Rung::memory() const {
  // Fields of the level: the source, its logarithm, the tilt and a work field; and three of this class.
  return descent.memory() + level.memory() + (transfer_ ? transfer_->memory() + split_->memory() : 0) +
         static_cast<std::size_t>(level.grid.size()) * 7 * sizeof(double);
}

}  // namespace wpg
