#include "jko/descent.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "jko/trust.hpp"

namespace wpg {
namespace {

/// Evaluations without a new best error after which the best iterate is taken up again, with shorter steps,
constexpr int patience = 8;
/// and after which only plain steps are taken: they contract in the sup norm whatever the data.
constexpr int last_resort = 100;
/// What the preconditioner sees of a residual of log rho, a linear correction of more means nothing; and after a
/// rejected step. Where no mass arrives yet log rho lacks more than ten, and lambda a few in a thousand: a correction
/// of the same order as the residual draws the mass of whole regions there.
constexpr double largest_residual = 3.0, cautious_residual = 1.0;
/// Share of the preconditioned correction: halved when a step is rejected, doubled after so many accepted ones.
constexpr double smallest_share = 0.01;
constexpr int steps_to_trust = 6;

/// Share of the cells that need not have settled where tails must: one in a corner kept coarse grids for two more
/// evaluations, which the finer one did not notice. With ten times as many some steps take three times as long.
constexpr double single_cells = 1e-4;
/// Steps left from which on it pays to use the source's side: counts are the same from two to five.
constexpr double many_steps = 4.0;

bool reached(const Iterate& iterate, Descent::Goal goal) {
  return iterate.error() <= goal.tolerance && (iterate.rough <= single_cells || !goal.tails);
}

}  // namespace

Descent::Descent(Level& level, Workspace& workspace) : level_(level), work_(workspace), trust_(level.grid.size()) {}

void Descent::evaluate(Iterate& iterate) {
  level_.evaluate(iterate);
  ++evaluations_;
  ++stalled_;
  ++since_restart_;
}

void Descent::first_evaluation(double tolerance, Start start) {
  if (start != Start::evaluated) evaluate(work_.current);
  if (start == Start::cold && work_.current.error() > std::max(tolerance, linear_regime)) plain_step();
  best_error_ = work_.current.error();
  best_is_current_ = true;
  stalled_ = since_restart_ = 0;
}

bool Descent::run(Goal goal, Start start, int budget) {
  evaluations_ = 0;
  largest_residual_ = largest_residual;
  theta_ = 1.0;
  accepted_ = 0;
  trust_ = 1.0;
  weighed_ = false;
  level_.use_source(false);
  work_.anderson.clear();
  first_evaluation(goal.tolerance, start);
  goal.tolerance = std::max(goal.tolerance, goal.share * work_.current.error());
  while ((!reached(work_.current, goal) || evaluations_ < goal.evaluations) && evaluations_ < budget) {
    if (stalled_ >= last_resort) {
      plain_step();
      continue;
    }
    if (since_restart_ >= patience && !best_is_current_) restart_from_best();
    propose();
    evaluate(work_.trial);
    if (steps_left(goal.tolerance)) level_.use_source(true);
    rescue_trial();
    admissible() ? accept() : reject();
  }
  return reached(work_.current, goal);
}

void Descent::propose() {
  level_.precondition(work_.current, trust_, largest_residual_, work_.preconditioned);
  const Correction d = level_.correction(work_.current, theta_, work_.preconditioned);
  if (work_.current.error() > linear_regime || !work_.current.calm()) {
    work_.anderson.clear();
    d.advance(work_.current.lambda, work_.trial.lambda);
  } else {
    if (!work_.current.settled() || !weighed_) work_.anderson.weigh(work_.current.log_rho);
    weighed_ = work_.current.settled();
    work_.anderson.propose(work_.current.lambda, d, work_.trial.lambda);
  }
}

/// Anderson's residuals need not fall at every step; a bounded rise is allowed where the map is nearly linear.
bool Descent::admissible() const {
  if (work_.trial.error() <= work_.current.error()) return true;
  return work_.current.error() <= linear_regime &&
         work_.trial.error() <= std::min(4.0 * work_.current.error(), 8.0 * best_error_);
}

/// Whether the goal is many steps like the last one away.
bool Descent::steps_left(double tolerance) const {
  const double rate = work_.trial.error() / work_.current.error();
  return work_.trial.error() * std::pow(rate, many_steps) > tolerance;
}

/// A plain step after a trial that brought little: it damps what the preconditioned step excited.
void Descent::rescue_trial() {
  const bool slow = work_.current.error() > linear_regime && work_.trial.error() > 0.3 * work_.current.error();
  if (!slow && admissible()) return;
  level_.plain(work_.trial, work_.spare.lambda);
  evaluate(work_.spare);
  if (work_.spare.error() < work_.trial.error()) {
    std::swap(work_.spare, work_.trial);
    work_.anderson.clear();
  }
}

/// Whether the current iterate is the best so far, which it is then noted to be.
bool Descent::improved() {
  if (!(work_.current.error() < best_error_)) return false;
  best_error_ = work_.current.error();
  best_is_current_ = true;
  stalled_ = since_restart_ = 0;
  return true;
}

void Descent::accept() {
  // Once the coefficients are settled the trust is, too, but for single cells that no step brings nearer.
  if (!work_.trial.settled()) {
    update_trust(work_.current.residual, work_.trial.residual, trust_);
  } else if (lower_trust(work_.current.residual, work_.trial.residual, trust_)) {
    level_.renew_coefficients();
  }
  if (work_.trial.error() > work_.current.error() && best_is_current_) {
    std::swap(work_.best, work_.current);
    best_is_current_ = false;
  }
  std::swap(work_.current, work_.trial);
  improved();
  if (theta_ == 1.0 || ++accepted_ < steps_to_trust) return;
  theta_ = std::min(1.0, 2.0 * theta_);
  work_.anderson.clear();
  accepted_ = 0;
}

void Descent::reject() {
  const bool accelerated = !work_.anderson.empty();
  work_.anderson.clear();
  accepted_ = 0;
  if (accelerated) return;
  if (largest_residual_ > cautious_residual) {
    largest_residual_ = cautious_residual;
  } else if (theta_ > smallest_share) {
    theta_ /= 2.0;
  } else {
    plain_step();
  }
}

void Descent::plain_step() {
  level_.plain(work_.current, work_.spare.lambda);
  evaluate(work_.spare);
  std::swap(work_.current, work_.spare);
  work_.anderson.clear();
  if (!improved() && best_is_current_) {
    std::swap(work_.best, work_.spare);
    best_is_current_ = false;
  }
}

void Descent::restart_from_best() {
  std::swap(work_.current, work_.best);
  best_is_current_ = true;
  work_.anderson.clear();
  theta_ = std::max(theta_ / 2.0, smallest_share);
  since_restart_ = 0;
}

}  // namespace wpg
