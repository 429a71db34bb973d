#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wpg/diagnostics/integrals.hpp"
#include "wpg/problem.hpp"
#include "wpg/scheme.hpp"

namespace wpg {

/// The state after a step, as diagnostics see it. Step 0 is the initial density.
struct StepView {
  Index step = 0;
  double time = 0.0;
  const Field& rho;
  const StepReport& report;
  const Problem& problem;
  /// Integrals that several diagnostics share, computed by the first that asks (see diagnostics/integrals.hpp).
  mutable std::optional<Integrals> integrals = std::nullopt;
  /// W2^2 to the target, likewise (see diagnostics/wasserstein.hpp).
  mutable std::optional<double> w2_squared = std::nullopt;
  /// Where that is iterative, the L1 error of its marginals.
  mutable std::optional<double> w2_marginal_error = std::nullopt;
};

/// One quantity recorded at every step: a number, a vector (axes = {"axis"}) or a matrix (axes = {"axis", "axis"})
/// of the grid's dimension.
struct Diagnostic {
  std::string name;         ///< dataset name in /diagnostics
  std::string description;  ///< long_name of the dataset
  std::vector<std::string> axes;
  bool integer = false;
  /// For an enumeration: the names of the values 0, 1, ... (CF flag_meanings).
  std::vector<std::string> flags;
  /// Writes the value(s), row by row, into `out`.
  std::function<void(const StepView&, std::span<double> out)> evaluate;

  Index size(int dimension) const;
};

/// How W2 to the target is measured: exactly on a line and between Gaussians; not at all; or everywhere by the debiased
/// Sinkhorn divergence.
enum class DistanceMethod { automatic, none, sinkhorn };

struct DiagnosticOptions {
  DistanceMethod w2 = DistanceMethod::automatic;
  double w2_epsilon = 0.0;  ///< regularization of the Sinkhorn divergence; 0: four times the largest squared spacing
  Index w2_every = 1;       ///< steps between measurements of W2; 0: only the first step
  std::vector<Index> w2_steps = {};  ///< further steps at which it is measured, ascending
  bool theory = true;                ///< whether the theory's inequalities are recorded (see diagnostics/theory.hpp)
};

/// The diagnostics that make sense for a problem: energy, entropy, potential_energy, kl, mass, mean, covariance, ...,
/// distances to target and closed form, the theory's inequalities and the reports of the stages of its scheme.
std::vector<Diagnostic> standard_diagnostics(const Problem& problem, const Scheme& scheme,
                                             const DiagnosticOptions& options = {});

/// Says at which steps something happens.
struct Schedule {
  Index every = 1;  ///< 0: never, except at the first and the last step
  Index last = 0;
  bool due(Index step) const { return step == 0 || step == last || (every > 0 && step % every == 0); }
};

}  // namespace wpg
