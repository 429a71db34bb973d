#include "jko/descent.hpp"

#include <algorithm>
#include <utility>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Evaluations without a new best error after which the best iterate is taken up again, with shorter steps,
constexpr int patience = 8;
/// and after which only plain steps are taken: they contract in the sup norm whatever the data.
constexpr int last_resort = 100;
/// Share of the preconditioned correction: halved when a step is rejected, doubled after so many accepted ones.
constexpr double smallest_share = 0.01;
constexpr int steps_to_trust = 6;

/// Up to here a residual lets its cell be accelerated in full.
constexpr double linear_residual = 0.1;

/// A residual that turned round to more than half its size by a step was overshot, if it is not small anyway. Then the
/// preconditioner took the cell's conductivity too small: it is raised at once, and given back slowly.
constexpr double turned_residual = 0.03;
constexpr double smallest_trust = 0.05;
constexpr double regained_trust = 1.05;

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
      correction_(level.grid.size()),
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
  anderson_.clear();
  first_evaluation(goal.tolerance, warm);
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
  level_.correction(current_, theta_, trust_, correction_);
  if (current_.error() > linear_regime || !current_.calm) {
    anderson_.clear();
    parallel_blocks(correction_.size(), [&](Index begin, Index end) {
      const Index n = end - begin;
      trial_.lambda.segment(begin, n) = current_.lambda.segment(begin, n) + correction_.segment(begin, n);
    });
  } else {
    anderson_.propose(current_.lambda, correction_, current_.log_rho, trial_.lambda);
    hold_back();
  }
}

/// Far out in the tails, which weigh nothing in the least squares, residuals may be large and the map not linear: there
/// the acceleration is taken back to the plain correction.
void Descent::hold_back() {
  parallel_blocks(correction_.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const double step = current_.lambda[i] + correction_[i];
      const double share = std::min(1.0, linear_residual / std::abs(current_.residual[i]));
      trial_.lambda[i] = step + share * share * (trial_.lambda[i] - step);
    }
  });
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

/// Once the coefficients are settled the trust is, too.
void Descent::update_trust() {
  if (trial_.calm && trial_.error() < settled_error) return;
  parallel_blocks(trust_.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const double before = current_.residual[i];
      const double after = trial_.residual[i];
      const double size = std::abs(after);
      const bool turned = before * after < 0.0 && size > turned_residual && size > 0.5 * std::abs(before);
      trust_[i] = turned ? std::max(0.5 * trust_[i], smallest_trust) : std::min(regained_trust * trust_[i], 1.0);
    }
  });
}

void Descent::accept() {
  update_trust();
  if (trial_.error() > current_.error() && best_is_current_) {
    std::swap(best_, current_);
    best_is_current_ = false;
  }
  std::swap(current_, trial_);
  if (current_.error() < best_error_) {
    best_error_ = current_.error();
    best_is_current_ = true;
    stalled_ = since_restart_ = 0;
  }
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
  if (current_.error() < best_error_) {
    best_error_ = current_.error();
    best_is_current_ = true;
    stalled_ = since_restart_ = 0;
  } else if (best_is_current_) {
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
