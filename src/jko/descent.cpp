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

}  // namespace

Descent::Descent(Level& level, Index problems)
    : level_(level),
      current_(level.grid.size()),
      trial_(level.grid.size()),
      spare_(level.grid.size()),
      best_(level.grid.size()),
      correction_(level.grid.size()),
      anderson_(level.grid.size(), problems) {}

std::size_t Descent::memory() const {
  return static_cast<std::size_t>(level_.grid.size()) * (4 * 4 + 1) * sizeof(double) + anderson_.memory();
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

bool Descent::run(double tolerance, bool warm, int budget) {
  evaluations_ = 0;
  theta_ = 1.0;
  accepted_ = 0;
  anderson_.clear();
  first_evaluation(tolerance, warm);
  while (current_.error() > tolerance && evaluations_ < budget) {
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
  return current_.error() <= tolerance;
}

void Descent::propose() {
  level_.correction(current_, theta_, correction_);
  if (current_.error() > linear_regime) {
    anderson_.clear();
    parallel_blocks(correction_.size(), [&](Index begin, Index end) {
      const Index n = end - begin;
      trial_.lambda.segment(begin, n) = current_.lambda.segment(begin, n) + correction_.segment(begin, n);
    });
  } else {
    anderson_.propose(current_.lambda, correction_, current_.log_rho, trial_.lambda);
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

void Descent::accept() {
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
