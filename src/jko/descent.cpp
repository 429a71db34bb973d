#include "jko/descent.hpp"

#include <algorithm>
#include <utility>

#include "jko/trust.hpp"

namespace wpg {
namespace {

/// Evaluations without a new best error after which the best iterate is taken up again, with shorter steps,
constexpr int patience = 8;
/// and after which only plain steps are taken: they contract in the sup norm whatever the data.
constexpr int last_resort = 100;
/// Share of the preconditioned correction: halved when a step is rejected, doubled after so many accepted ones.
constexpr double smallest_share = 0.01;
constexpr int steps_to_trust = 6;

bool reached(const Iterate& iterate, Descent::Goal goal) {
  return iterate.error() <= goal.tolerance && (iterate.calm || !goal.tails);
}

}  // namespace

Descent::Descent(Level& level, Index problems)
    : level_(level),
      current_(level.grid.size()),
      trial_(level.grid.size()),
      spare_(level.grid.size()),
      best_(level.grid.size()),
      preconditioned_(level.grid.size()),
      trust_(level.grid.size()),
      anderson_(level.grid.size(), problems) {}

std::size_t Descent::memory() const {
  return static_cast<std::size_t>(level_.grid.size()) * (4 * 4 + 2) * sizeof(double) + anderson_.memory();
}

void Descent::evaluate(Iterate& iterate) {
  level_.evaluate(iterate);
  ++evaluations_;
  ++stalled_;
  ++since_restart_;
}

void Descent::first_evaluation(double tolerance, bool warm) {
  evaluate(current_);
  if (!warm && current_.error() > std::max(tolerance, linear_regime)) plain_step();
  best_error_ = current_.error();
  best_is_current_ = true;
  stalled_ = since_restart_ = 0;
}

bool Descent::run(Goal goal, bool warm, int budget) {
  evaluations_ = 0;
  theta_ = 1.0;
  accepted_ = 0;
  trust_ = 1.0;
  weighed_ = false;
  anderson_.clear();
  first_evaluation(goal.tolerance, warm);
  goal.tolerance = std::max(goal.tolerance, goal.share * current_.error());
  while (!reached(current_, goal) && evaluations_ < budget) {
    if (stalled_ >= last_resort) {
      plain_step();
      continue;
    }
    if (since_restart_ >= patience && !best_is_current_) restart_from_best();
    propose();
    evaluate(trial_);
    rescue_trial();
    admissible() ? accept() : reject();
  }
  return reached(current_, goal);
}

void Descent::propose() {
  level_.precondition(current_, trust_, preconditioned_);
  const Correction d = level_.correction(current_, theta_, preconditioned_);
  if (current_.error() > linear_regime || !current_.calm) {
    anderson_.clear();
    d.advance(current_.lambda, trial_.lambda);
  } else {
    if (!current_.settled() || !weighed_) anderson_.weigh(current_.log_rho);
    weighed_ = current_.settled();
    anderson_.propose(current_.lambda, d, trial_.lambda);
  }
}

/// Anderson's residuals need not fall at every step; a bounded rise is allowed where the map is nearly linear.
bool Descent::admissible() const {
  if (trial_.error() <= current_.error()) return true;
  return current_.error() <= linear_regime && trial_.error() <= std::min(4.0 * current_.error(), 8.0 * best_error_);
}

/// A plain step after a trial that brought little: it damps what the preconditioned step excited.
void Descent::rescue_trial() {
  const bool slow = current_.error() > linear_regime && trial_.error() > 0.3 * current_.error();
  if (!slow && admissible()) return;
  level_.plain(trial_, spare_.lambda);
  evaluate(spare_);
  if (spare_.error() < trial_.error()) {
    std::swap(spare_, trial_);
    anderson_.clear();
  }
}

/// Whether the current iterate is the best so far, which it is then noted to be.
bool Descent::improved() {
  if (!(current_.error() < best_error_)) return false;
  best_error_ = current_.error();
  best_is_current_ = true;
  stalled_ = since_restart_ = 0;
  return true;
}

void Descent::accept() {
  // Once the coefficients are settled the trust is, too.
  if (!trial_.settled()) update_trust(current_.residual, trial_.residual, trust_);
  if (trial_.error() > current_.error() && best_is_current_) {
    std::swap(best_, current_);
    best_is_current_ = false;
  }
  std::swap(current_, trial_);
  improved();
  if (theta_ == 1.0 || ++accepted_ < steps_to_trust) return;
  theta_ = std::min(1.0, 2.0 * theta_);
  anderson_.clear();
  accepted_ = 0;
}

void Descent::reject() {
  const bool accelerated = !anderson_.empty();
  anderson_.clear();
  accepted_ = 0;
  if (accelerated) return;
  if (theta_ > smallest_share) {
    theta_ /= 2.0;
  } else {
    plain_step();
  }
}

void Descent::plain_step() {
  level_.plain(current_, spare_.lambda);
  evaluate(spare_);
  std::swap(current_, spare_);
  anderson_.clear();
  if (!improved() && best_is_current_) {
    std::swap(best_, spare_);
    best_is_current_ = false;
  }
}

void Descent::restart_from_best() {
  std::swap(current_, best_);
  best_is_current_ = true;
  anderson_.clear();
  theta_ = std::max(theta_ / 2.0, smallest_share);
  since_restart_ = 0;
}

}  // namespace wpg
