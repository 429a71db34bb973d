#pragma once
#include "jko/level.hpp"
#include "jko/workspace.hpp"

namespace wpg {

/// Drives the iterate of one level to a tolerance: preconditioned steps with Anderson acceleration, each accepted only
/// if the certificate allows, and the contracting plain step wherever they do not pay. So it converges whatever the
/// accelerator does. Allocates nothing while it runs.
class Descent {
 public:
  /// Both must outlive it.
  Descent(Level& level, Workspace& workspace);

  struct Goal {
    double tolerance;  ///< of Iterate::error()
    double share;      ///< of the first error: enough even where it is above the tolerance
    bool tails;        ///< whether the tails, which weigh nothing in the error, must have settled too
    int evaluations;   ///< at least
  };

  /// What the workspace's current iterate is at first: the lambda of a guess, which a smoothing step may improve, one
  /// that it would not, or evaluated.
  enum class Start { cold, warm, evaluated };

  /// From the workspace's current iterate to the goal, in the same place. Returns whether the goal was reached within
  /// `budget` evaluations; evaluations() tells how many were made.
  bool run(Goal goal, Start start, int budget);

  int evaluations() const { return evaluations_; }
  std::size_t memory() const { return static_cast<std::size_t>(trust_.size()) * sizeof(double); }

 private:
  void evaluate(Iterate& iterate);
  void first_evaluation(double tolerance, Start start);
  void propose();
  bool admissible() const;
  bool steps_left(double tolerance) const;
  void rescue_trial();
  bool improved();
  void accept();
  void reject();
  void plain_step();
  void restart_from_best();

  Level& level_;
  Workspace& work_;
  Values trust_;                   ///< of the preconditioner's coefficients, by cell: less where a step overshot
  bool weighed_ = false;           ///< the accelerator's weights are final
  double largest_residual_ = 0.0;  ///< that the preconditioner sees
  double theta_ = 1.0;             ///< share of the preconditioned correction that is taken
  int accepted_ = 0;               ///< steps accepted at this share
  double best_error_ = 0.0;
  bool best_is_current_ = true;
  int evaluations_ = 0;
  int stalled_ = 0;        ///< evaluations since the best error
  int since_restart_ = 0;  ///< and since the best iterate was last taken up
};

}  // namespace wpg
