#pragma once
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wpg/diagnostics/wasserstein.hpp"

namespace wpg {

/// The squared L2(mu_n) norm of grad V + grad log mu_{n+1} o X_{n+1}, the exact gradient term of the descent lemma for
/// the proximal gradient (Salim, Korba, Luise 2020), where X_{n+1} = T o (I - gamma grad V) carries mu_n to mu_{n+1}.
///
/// Computed from mu_{n+1} alone: the proximal step makes the optimal map back to nu y + gamma grad log mu_{n+1}(y), so
/// the point x = X^-1(y) solves x - gamma grad V(x) = y + gamma grad log mu_{n+1}(y) (Newton's method), and the norm is
/// that of grad V(x) + grad log mu_{n+1}(y) = (x - y)/gamma under mu_{n+1}. Differences of log mu are of sixth order
/// inside and lower beside ends and empty cells; x is sought in the box. Any dimension. With a nonsmooth F the proximal
/// step is that of H + F, and log mu exp F, which is smooth where F has a kink, takes the place of log mu.
class DescentTerm {
 public:
  /// Keeps the potential alive. Requires gamma < 1/L.
  DescentTerm(const Problem& problem, double gamma);

  double operator()(const Field& rho) const;

 private:
  double at(const Field& rho, Index cell) const;

  std::shared_ptr<const Potential> potential_;
  std::optional<Field> nonsmooth_;
  double gamma_;
};

/// The sides of an inequality left <= right.
struct Sides {
  double left = std::numeric_limits<double>::quiet_NaN();
  double right = std::numeric_limits<double>::quiet_NaN();
};

/// The inequalities of the theory of the proximal gradient, at every step (Salim, Korba, Luise 2020), with
/// F = KL(.|pi) and W = W2^2(., pi):
///
///     evi        W(mu_{n+1}) <= (1 - gamma lambda) W(mu_n) - 2 gamma F(mu_{n+1})       lambda >= 0
///     rate       W(mu_n) <= (1 - gamma lambda)^n W(mu_0)                               lambda > 0
///     sublinear  F(mu_n) <= W(mu_0)/(2 gamma n)                                        lambda >= 0
///     descent    G(mu_{n+1}) <= G(mu_n) - gamma (1 - L gamma/2) |gradient term|^2      gamma < 1/L
///
/// They need of the proximal part that it is convex along generalized geodesics, which H + integral of a convex F is as
/// H alone; lambda and L are those of V. The descent lemma is left out where F is a constraint.
class Theory {
 public:
  enum Kind : std::size_t { evi, rate, sublinear, descent, count };

  Theory(const Problem& problem, double gamma, std::shared_ptr<const TargetDistance> distance,
         std::shared_ptr<const Integrator> integrator);

  /// Whether the preconditions of an inequality hold for the problem; else `why_not` says in one line.
  bool applies(Kind kind) const { return why_not_[kind].empty(); }
  const std::string& why_not(Kind kind) const { return why_not_[kind]; }
  static const char* name(Kind kind);
  static const char* statement(Kind kind);

  /// The sides at the step of `view`; NaN at step 0. Views have to come step by step, from step 0 on; one step may be
  /// asked for several times.
  Sides operator()(Kind kind, const StepView& view);

 private:
  struct State {
    Index step = -1;
    double w2 = 0.0, kl = 0.0, energy = 0.0;
  };
  void advance(const StepView& view);
  void compare(const State& before, const Field& rho);

  double gamma_;
  Curvature curvature_;
  std::shared_ptr<const TargetDistance> distance_;
  std::shared_ptr<const Integrator> integrator_;
  std::optional<DescentTerm> term_;
  std::array<std::string, count> why_not_;
  std::array<Sides, count> sides_;
  State now_;
  double first_w2_ = 0.0;
};

/// Whether a scheme is the proximal gradient: a forward step and a JKO step of the entropy (and F), or the latter alone
/// where V = 0.
bool is_proximal_gradient(const Problem& problem, const Scheme& scheme);

/// Three series for every inequality that applies: NAME_left, NAME_right, NAME_slack.
std::vector<Diagnostic> theory_diagnostics(const std::shared_ptr<Theory>& theory);

}  // namespace wpg
