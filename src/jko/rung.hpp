#pragma once
#include <memory>

#include "jko/descent.hpp"
#include "jko/source_descent.hpp"
#include "jko/source_split.hpp"
#include "jko/transfer.hpp"

namespace wpg {

/// One grid of the hierarchy, with what it takes over from the next coarser one to start and what the last solve left
/// behind. Allocates nothing once it is linked.
class Rung {
 public:
  Rung(const Grid& grid, double epsilon, const EntropicOptions& options, bool finest);

  /// `next` is the next coarser rung, which must outlive this one. Once; never on the coarsest.
  void link(Rung& next);
  /// Sets the coarser rung's source to that of this one.
  void pass_source_down();
  /// Whether nu has edges that the coarser rung sees; false on the coarsest.
  bool has_edges() const { return split_ && split_->pays(coarser_->level.nu); }
  /// Solves from the coarser rung's solution. A cold start is made by the source's potential, which is smooth where
  /// lambda has kinks, but for walls without kinks nearby; and the finest of two-dimensional grids is solved for it
  /// where nu has edges. A `warm` start is made by the last solution's difference to the coarser level, whose kinks
  /// stay. Returns whether the goal was reached.
  bool solve(Descent::Goal goal, bool warm, int budget);
  /// Solves the coarsest rung from the lambda in iterate().
  bool solve_coarsest(Descent::Goal goal, int budget) { return descend(goal, Descent::Start::cold, budget, 0); }
  Iterate& iterate() { return work_.current; }
  const Iterate& iterate() const { return work_.current; }
  /// Of the last solve.
  int evaluations() const { return evaluations_; }
  std::size_t memory() const;

  Level level;

 private:
  bool descend(Descent::Goal goal, Descent::Start start, int budget, int used);
  bool solve_for_source(Descent::Goal goal, int budget);
  void start_cold(bool edges);
  void interpolate_source(bool edges);
  double extrapolation() const;
  void extrapolate_source(bool edges);

  Workspace work_;
  Descent descent_;
  std::unique_ptr<SourceDescent> source_descent_;  ///< on the finest grid, if it has two axes
  int evaluations_ = 0;
  Rung* coarser_ = nullptr;
  std::unique_ptr<Transfer> transfer_;  ///< between this grid and the coarser one
  std::unique_ptr<SourceSplit> split_;
  Values prolonged_;  ///< the coarser level's solution, interpolated; scratch of the finer level's start before that
  Values source_;     ///< the coarser level's epsilon log(G v) on this grid
  Values detail_;     ///< the last solution less the interpolated coarser one; log(G v) of a cold start before that
};

}  // namespace wpg
