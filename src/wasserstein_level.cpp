#include "wasserstein_level.hpp"

#include <algorithm>
#include <cmath>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// The error may rise by this factor before an accelerated step is given up.
constexpr double bounded_rise = 2.0;
/// Accelerated steps that may fail before more and more plain ones follow each failure.
constexpr int forgiven_failures = 6;
/// Least squares that move a potential farther have failed, be it by numbers that are none.
constexpr double largest_jump = 1e6;
/// Weights below are as good as zero to the least squares of the acceleration.
constexpr double smallest_log = -700.0;

double expectation(const Values& mass, const Values& f) {
  return blockwise_sum(mass.size(), [&](Index begin, Index end) {
    double sum = 0.0;
    for (Index i = begin; i < end; ++i) sum += mass[i] > 0.0 ? mass[i] * f[i] : 0.0;
    return sum;
  });
}

/// L1 error of the marginal whose potential would change by d.
double marginal_error(const Values& mass, const Values& d) {
  return blockwise_sum(mass.size(), [&](Index begin, Index end) {
    double sum = 0.0;
    for (Index i = begin; i < end; ++i) sum += mass[i] > 0.0 ? mass[i] * std::abs(std::expm1(-d[i])) : 0.0;
    return sum;
  });
}

}  // namespace

Masses::Masses(const Values& rho) : mass(rho / rho.sum()), log(mass.size()) {
  const double sum = rho.sum();
  if (!(rho >= 0.0).all() || !(sum > 0.0) || !std::isfinite(sum)) {
    throw InvalidValue("rho", "a density with the sum " + written(sum), "nonnegative, with a positive finite mass");
  }
  for (Index i = 0; i < mass.size(); ++i) log[i] = std::log(mass[i]);
}

SinkhornLevel::SinkhornLevel(const Grid& grid, double epsilon)
    : kernel_(grid, epsilon),
      epsilon_(epsilon),
      work_(grid.size()),
      f_(grid.size()),
      change_(grid.size()),
      best_(grid.size()) {}

/// potential = -log G exp(other + log masses).
void SinkhornLevel::respond(const Masses& masses, const Values& other, Values& potential) {
  work_ = other + masses.log;
  kernel_.apply_log(work_, potential);
  potential = -potential;
}

/// Sets f_ and the plain step change_; returns the error of b's marginal.
double SinkhornLevel::change_of(const Masses& a, const Masses& b, const Values& g) {
  respond(b, g, f_);
  respond(a, f_, change_);
  change_ -= g;
  return marginal_error(b.mass, change_);
}

double SinkhornLevel::error(const Masses& a, const Masses& b, const Values& g) { return change_of(a, b, g); }

SinkhornSolution SinkhornLevel::diagonal(const Masses& a, Values& f, double tolerance, int limit) {
  SinkhornSolution s;
  for (;;) {
    respond(a, f, change_);
    change_ -= f;
    s.error = marginal_error(a.mass, change_);
    ++s.iterations;
    if (s.error <= tolerance || s.iterations >= limit) break;
    f += 0.5 * change_;
  }
  s.cost = epsilon_ * (2.0 * expectation(a.mass, f) + expectation(a.mass, change_));
  return s;
}

SinkhornSolution SinkhornLevel::pair(const Masses& a, const Masses& b, Values& g, Anderson& anderson, double tolerance,
                                     int limit) {
  SinkhornSolution s;
  double best_error = HUGE_VAL;
  int plain = 0, penalty = 0, failures = 0;  // plain steps to take; after the next failure
  anderson.clear();
  anderson.weigh(b.log.max(smallest_log));
  for (;;) {
    s.error = change_of(a, b, g);
    ++s.iterations;
    if (s.error <= tolerance || s.iterations >= limit) break;
    if (!(s.error <= bounded_rise * best_error)) {
      anderson.clear();
      g = best_;
      if (++failures > forgiven_failures) penalty = std::max(1, 2 * penalty);
      plain = penalty;
      continue;
    }
    const bool improved = s.error <= best_error;
    if (improved) best_error = s.error;
    if (plain > 0) {
      --plain;
      g += change_;
      if (improved) best_ = g;
      continue;
    }
    if (improved) best_ = g + change_;
    anderson.propose(g, change_, work_);
    if (((work_ - g).abs() <= largest_jump).all()) {
      g.swap(work_);
    } else {
      g += change_;
      anderson.clear();
    }
  }
  s.cost = epsilon_ * (expectation(a.mass, f_) + expectation(b.mass, g));
  return s;
}

}  // namespace wpg
