#pragma once
#include "jko/anderson.hpp"
#include "jko/level.hpp"

namespace wpg {

/// Drives the iterate of one level to a tolerance: preconditioned steps with Anderson acceleration, each accepted only
/// if the certificate allows, and the contracting plain step wherever they do not pay. So it converges whatever the
/// accelerator does. Owns the scratch iterates of one level; allocates nothing while it runs.
class Descent {
 public:
  /// `problems`: equal parts of the level's cells that are accelerated each for itself.
  explicit Descent(Level& level, Index problems = 1);

  struct Goal {
    double tolerance;  ///< of Iterate::error()
    double share;      ///< of the first error: enough even where it is above the tolerance
    bool tails;        ///< and Iterate::calm: the tails, which weigh nothing in the error, must have settled too
  };

  /// From the lambda in iterate(); `warm` skips the smoothing first step. Returns whether the goal was reached within
  /// `budget` evaluations; evaluations() tells how many were made.
  bool run(Goal goal, bool warm, int budget);

  Iterate& iterate() { return current_; }
  const Iterate& iterate() const { return current_; }
  int evaluations() const { return evaluations_; }
  std::size_t memory() const;

 private:
  void evaluate(Iterate& iterate);
  void first_evaluation(double tolerance, bool warm);
  void propose();
  bool admissible() const;
  void rescue_trial();
  bool improved();
  void accept();
  void reject();
  void plain_step();
  void restart_from_best();

  Level& level_;
  Iterate current_, trial_, spare_, best_;
  Values preconditioned_;  ///< residual
  Values trust_;           ///< of the preconditioner's coefficients, by cell: less where a step overshot
  Anderson anderson_;
  bool weighed_ = false;  ///< the accelerator's weights are final
  double theta_ = 1.0;    ///< share of the preconditioned correction that is taken
  int accepted_ = 0;      ///< steps accepted at this share
  double best_error_ = 0.0;
  bool best_is_current_ = true;
  int evaluations_ = 0;
  int stalled_ = 0;        ///< evaluations since the best error
  int since_restart_ = 0;  ///< and since the best iterate was last taken up
};

}  // namespace wpg
