#pragma once
#include "jko/source_equation.hpp"
#include "jko/workspace.hpp"

namespace wpg {

/// Drives the source's potential phi = log(G v) of a two-dimensional level to a tolerance, where nu has edges.
///
/// The fixed-point map is the same as lambda's, entered at its other half: phi gives u = nu e^-phi, log q and, by the
/// half step that minimises over v, lambda; then phi' = log(G v). But lambda has kinks where parts of nu compete, which
/// no step moves by more than a cell, and phi is smooth; the mass beyond an edge belongs to single cells of nu, which
/// phi numbers and lambda does not; and the preconditioner is nearly exact (source_equation.hpp). The residual that it
/// is given is 1 - e^-r for r = phi' - phi: what each source cell receives, nu e^r, is nearly linear in phi, as in
/// Newton's method for semi-discrete transport (Kitagawa, Merigot, Thibert 2019), not its logarithm.
///
/// Measured at gamma/epsilon = 1000, in pairs with all levels, against Descent from the same guess: disc 18 instead of
/// 29, ring 20 instead of 33, random 25 instead of 33, image 17 instead of 40 at 512^2; 19, 22, 23 and 19 instead of
/// 32, 38, 38 and 39 at 1024^2. Of 400 random problems (clipped waves, boxes, discs, strips, checkerboards; 64 to 264
/// cells an axis, gamma/epsilon 3 to 3000, all boundaries) 157 took fewer pairs and 26 more, at most 1.5 times as many.
///
/// From a guess that is far off the first step is a plain one. Steps are shortened where they bring little, and
/// accelerated from an error of 0.02 on, or from where that did not raise the error. Nothing is rejected: this side
/// gives up where the error stays, and Descent takes over, which converges always.
class SourceDescent {
 public:
  /// Both must outlive it.
  SourceDescent(Level& level, Workspace& workspace);

  /// Whether it pays for the level's nu, if that has edges: not where gamma/epsilon is small, nor where many cells are
  /// faint. Their targets draw on other cells, so that the preconditioner knows nothing of them.
  bool serves() const;
  /// From a guess of log(G v). Returns whether the nu-weighted L2 norm of r fell to the tolerance within `budget`
  /// evaluations; the workspace's current iterate is evaluated then, else it has the best lambda. Its error is an
  /// average of r by targets, so that it is smaller as a rule.
  bool run(const Values& guess, double tolerance, int budget);
  int evaluations() const { return evaluations_; }
  std::size_t memory() const { return equation_.memory(); }

 private:
  void evaluate();
  double take_residual();
  void judge(double before);
  Correction correction();
  void propose();

  Level& level_;
  SourceEquation equation_;
  Workspace& work_;
  Values &phi_, &next_phi_;
  Values& response_;    ///< log(G v) of the newest lambda
  Values& residual_;    ///< response - phi where there is nu, zero elsewhere
  Values& correction_;  ///< of the preconditioner
  const Iterate* newest_ = nullptr;
  double unit_ = 1.0;  ///< largest value of nu
  double error_ = 0.0, best_error_ = 0.0;
  double theta_ = 1.0;         ///< share of the step that is taken
  double acceleration_ = 0.0;  ///< from this error on
  bool accelerated_ = false;   ///< the last step was
  bool settled_ = false;       ///< the coefficients are those of a while ago
  int evaluations_ = 0;
  int stalled_ = 0;  ///< evaluations since the best error
};

}  // namespace wpg
