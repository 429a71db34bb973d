#include "jko/source_descent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "simd.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Share of the plain step; the eigenvalues in source_equation.hpp are for this one.
constexpr double source_plain_share = 0.75;
/// Below this error the coefficients are as good as those of the solution.
constexpr double settled_coefficients = 5e-3;
/// Above this one sources find their targets sooner by plain steps than by linear corrections.
constexpr double far_off = 1.0;
/// A step that brings less is halved if it was not accelerated; one that raises the error by more ends acceleration
/// until this share of the error before it.
constexpr double slow = 0.85, rise = 1.5, cautious_share = 0.25;
/// Bounds of 1 - e^-r.
constexpr double largest_residual = 5.0, largest_lack = 2.0;
/// Evaluations without a new best error, and its multiple, at which this side is given up.
constexpr int patience = 6;
constexpr double hopeless = 100.0;
/// Multiple of the tolerance from which on the certificate is asked for: as a rule its error is below half of this
/// side's.
constexpr double promising = 1.4;
/// gamma'/epsilon from which on this side pays: below it takes a tenth more evaluations.
constexpr double least_ratio = 10.0;
/// Density, relative to the largest, below which a cell is faint, and the share of faint cells that nu may have.
constexpr double faint = 1e-3, faint_share = 0.02;

}  // namespace

SourceDescent::SourceDescent(Level& level, Workspace& workspace)
    : level_(level),
      equation_(level.grid, level.gamma_prime, level.epsilon),
      work_(workspace),
      phi_(workspace.trial.lambda),
      next_phi_(workspace.trial.log_rho),
      response_(workspace.trial.log_q),
      residual_(workspace.trial.residual),
      correction_(workspace.preconditioned) {}

/// Residual and, for the preconditioner, 1 - e^-r; returns the norm.
double SourceDescent::take_residual() {
  const double squares = blockwise_sum(phi_.size(), [&](Index begin, Index end) {
    Pack square{};
    for (Index i = begin; i < end; i += lanes) {
      const Index n = end - i;
      const Pack density = load_some(level_.nu.data() + i, n, 0.0);
      const Pack change = load_some(response_.data() + i, n, 0.0) - load_some(phi_.data() + i, n, 0.0);
      const Pack r = density > 0.0 ? change : Pack{};
      const Pack bounded = min(max(r, broadcast(-largest_residual)), broadcast(largest_residual));
      square += density * r * r;
      store_some(residual_.data() + i, n, r);
      store_some(correction_.data() + i, n, max(1.0 - exp(-bounded), broadcast(-largest_lack)));
    }
    return sum(square);
  });
  return std::sqrt(level_.grid.cell_volume() * squares);
}

void SourceDescent::evaluate() {
  level_.start_from_source(phi_, work_.current);
  level_.source_response(work_.current.lambda, response_);
  newest_ = &work_.current;
  const double before = std::exchange(error_, take_residual());
  ++evaluations_;
  ++stalled_;
  judge(before);
  if (!(error_ < best_error_)) return;
  best_error_ = error_;
  stalled_ = 0;
  std::swap(work_.current, work_.best);
  newest_ = &work_.best;
}

/// Draws the consequences of the last step, given the error before it.
void SourceDescent::judge(double before) {
  if (error_ > before) settled_ = false;
  if (error_ > rise * before) work_.anderson.clear();
  if (accelerated_) {
    if (error_ > rise * before) acceleration_ = std::min(acceleration_, cautious_share * before);
  } else {
    theta_ = error_ > slow * before ? 0.5 * theta_ : std::min(1.0, 1.5 * theta_);
  }
}

/// The plain step from a guess that is far off, else the preconditioned one.
Correction SourceDescent::correction() {
  if (error_ > far_off) return {1.0, residual_, 0.0, correction_};
  if (!settled_) equation_.update(newest_->log_q, newest_->lambda, level_.nu, residual_, unit_);
  settled_ = error_ < settled_coefficients;
  equation_.apply(level_.nu, correction_);
  const double ratio = level_.kappa / (1.0 - level_.kappa);
  return {theta_ * source_plain_share, residual_, theta_ * ratio, correction_};
}

void SourceDescent::propose() {
  const Correction d = correction();
  accelerated_ = error_ <= acceleration_;
  if (accelerated_) {
    work_.anderson.propose(phi_, d, next_phi_);
  } else {
    work_.anderson.clear();
    d.advance(phi_, next_phi_);
  }
  std::swap(phi_, next_phi_);
}

bool SourceDescent::serves() const {
  if (level_.gamma_prime < least_ratio * level_.epsilon) return false;
  const double low = faint * level_.nu.maxCoeff();
  const auto [cells, few] = blockwise_sums<2>(level_.nu.size(), [&](Index begin, Index end, auto& sums) {
    for (Index i = begin; i < end; ++i) {
      if (level_.nu[i] > 0.0) sums[level_.nu[i] < low ? 1 : 0] += 1.0;
    }
  });
  return few <= faint_share * (cells + few);
}

bool SourceDescent::run(const Values& guess, double tolerance, int budget) {
  phi_ = guess;
  unit_ = level_.nu.maxCoeff();
  work_.anderson.clear();
  work_.anderson.weigh(level_.log_mass());
  error_ = best_error_ = std::numeric_limits<double>::infinity();
  acceleration_ = linear_regime;
  theta_ = 1.0;
  settled_ = accelerated_ = false;
  evaluations_ = stalled_ = 0;
  bool evaluated = false;
  while (evaluations_ < budget && stalled_ <= patience) {
    evaluate();
    if (stalled_ == 0) {
      evaluated = error_ <= promising * tolerance;
      if (evaluated) level_.certify(response_, work_.best);
    }
    const bool reached = evaluated && work_.best.error() <= tolerance;
    if (reached || error_ <= tolerance || !(error_ <= hopeless * best_error_)) break;
    propose();
  }
  std::swap(work_.current, work_.best);
  return evaluated;
}

}  // namespace wpg
