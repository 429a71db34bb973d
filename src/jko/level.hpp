#pragma once
#include <memory>

#include "jko/correction.hpp"
#include "jko/preconditioner.hpp"
#include "wpg/jko/entropic.hpp"

namespace wpg {

/// Below this error the preconditioner's coefficients, which cost two kernel pairs, serve for a while, and below the
/// second one they and the weights of residuals are as good as those of the solution: they are renewed only once more.
inline constexpr double nearly_settled_error = 1e-2;
inline constexpr double settled_error = 1e-3;

/// A value of the unknown lambda (log rho at the solution) and what one evaluation tells about it.
struct Iterate {
  explicit Iterate(Index size) : lambda(Values::Zero(size)), log_q(lambda), log_rho(lambda), residual(lambda) {}

  Values lambda;
  Values log_q;             ///< of the kernel's back-projection: rho = v q / (volume of a cell)
  Values log_rho;           ///< second marginal of the coupling after a half step
  Values residual;          ///< log rho - lambda
  double norm = 0.0;        ///< rho-weighted L2 norm of the residual
  double divergence = 0.0;  ///< KL(rho | exp lambda), the duality gap over gamma'
  double rough = 0.0;       ///< share of the cells with a residual above calm_residual where rho counts
  int number = 0;           ///< of the state of the level's work field that it left

  /// Bound on the L1 distance of rho to the minimiser (strong convexity and Pinsker).
  double bound() const { return std::sqrt(2.0 * divergence); }
  /// What the solver drives to the tolerance; the two agree for small residuals.
  double error() const { return std::max(norm, bound()); }
  bool calm() const { return rough == 0.0; }
  bool settled() const { return calm() && error() < settled_error; }
  bool nearly_settled() const { return calm() && error() < nearly_settled_error; }
};

/// Below this error the map is nearly linear where there is mass: differences of residuals are worth remembering.
inline constexpr double linear_regime = 0.02;

/// Where larger residuals remain, if only far out in the tails, differences of iterates tell nothing about the limit.
inline constexpr double calm_residual = 0.5;

/// The entropic JKO problem on one grid of the hierarchy: the fixed-point map with its kernel and its preconditioner.
class Level {
 public:
  /// `finest`: the constraint of F holds at cell centres; on coarser grids a cell counts if F is finite anywhere in it.
  Level(const Grid& grid, double epsilon, const EntropicOptions& options, bool finest = true);

  void set_source(const Values& nu);
  /// Fills an iterate from its lambda: two applications of the kernel.
  void evaluate(Iterate& iterate);
  /// lambda' = lambda + (1 - kappa) residual: the contraction itself.
  void plain(const Iterate& from, Values& lambda) const;
  /// z = B R, which is scratch before, of R cut at `largest_residual` either way. `trust` is the preconditioner's. The
  /// approximate Newton correction is d = plain_share (1 - kappa) R + theta kappa z: with x = epsilon |k|^2 of a mode
  /// the exact factor is (1 - kappa)/(1 - kappa e^-x); B alone makes it (1 - kappa)/x, and the blend is right within
  /// -18 % to +16 % for T = I. In a calm iterate z has what that misses, too (short_waves.hpp).
  void precondition(const Iterate& at, const Values& trust, double largest_residual, Values& z);
  /// The next precondition() takes the coefficients from its iterate, whatever its error.
  void renew_coefficients() { settled_ = 0; }
  /// Whether coefficients are taken from the source's side, too, where it is known and the preconditioner knows what to
  /// do with it: that costs as much as several evaluations.
  void use_source(bool pays) { source_pays_ = pays; }
  Correction correction(const Iterate& at, double theta, const Values& z) const;

  /// log(G v) for a lambda: the source's side of the coupling, log u = log nu - log(G v).
  void source_potential(const Values& lambda, Values& log_gv);
  /// The barycentric displacement E[x_k | y] - y_k of the coupling at lambda, given its log(G v): how far the mass of a
  /// source cell goes along an axis on average, in units of length. NaN within a few sqrt(epsilon) of a wall, whose
  /// mirror images count there, and where it is an eighth of a period. One application, on a periodic axis two.
  void displacement(const Values& lambda, const Values& log_gv, int axis, Values& out);
  /// Lambda, which is log rho too then, and log q of one half step from log(G v). Where two sources compete for a point
  /// lambda has a kink, which the half step makes; log(G v) is smooth. One application.
  void start_from_source(const Values& log_gv, Iterate& iterate);
  /// As source_potential, where there is mass; other cells hold finite values that mean nothing.
  void source_response(const Values& lambda, Values& log_gv);
  /// Fills an iterate as evaluate() does, given its lambda's log(G v): one application.
  void certify(const Values& log_gv, Iterate& iterate);
  /// Log of the masses of nu's cells.
  const Values& log_mass() const { return log_mass_; }
  /// Applications of the kernel since the source was set.
  int applications() const { return applications_; }
  std::size_t memory() const { return kernel->memory() + preconditioner_->memory(); }

  Grid grid;
  double epsilon;
  double gamma_prime;
  double kappa;
  std::unique_ptr<GibbsKernel> kernel;
  Values nu;

 private:
  void project_source(const Values& log_gv, Values& log_q);
  void take_log_v(const Values& lambda);
  void displacement_from(Index cut, double margin, const Values& lambda, const Values& log_gv, int axis, Values& out);
  void finish(Iterate& iterate);
  bool source_serves(const Iterate& at) const;
  void update_coefficients(const Iterate& at, const Values& trust, Values& scratch);

  std::unique_ptr<Preconditioner> preconditioner_;
  int applications_ = 0;
  int settled_ = 0;  ///< the preconditioner's coefficients: 1 serve for a while, 2 are final
  bool source_pays_ = false;
  bool source_taken_ = false;  ///< the coefficients are from both sides
  Values log_mass_;
  double log_largest_mass_ = 0.0;
  bool tilted_;          ///< by a potential or a constraint; else the tilt, which is zero, need not be read
  Values tilt_;          ///< gamma (V + F) / epsilon
  Values work_;          ///< log u after an evaluation
  int work_number_ = 0;  ///< changes whenever it does
};

}  // namespace wpg
