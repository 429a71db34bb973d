#pragma once
#include <optional>
#include <string>
#include <vector>

#include "wpg/config.hpp"

namespace wpg {

/// One inequality left <= right, held at every step of a run; the numbers are those of the step where it is tightest
/// relative to its sides.
struct Check {
  std::string name;
  std::string statement;
  Index step = 0;
  double left = 0.0;
  double right = 0.0;
  double slack = 0.0;
  /// Estimate of the discretization error of `slack` at that step: its change against a run with twice (or half) the
  /// spacing, what the JKO steps' certificates leave open, and rounding.
  double error = 0.0;
  bool holds = true;  ///< slack >= -error at every step
  Index steps = 0;    ///< how many steps were compared
};

/// A check that does not apply to the case.
struct SkippedCheck {
  std::string name, reason;
};

/// Contraction per step, fitted to the logarithm of a series.
struct Contraction {
  std::string series;
  double fitted = 0.0;
  std::optional<double> closed_form = std::nullopt;  ///< the same fit to the closed form
  std::optional<double> bound = std::nullopt;        ///< 1 - gamma lambda, where the theory has a rate
  Index first = 0, last = 0;                         ///< steps of the fit: those above the discretization error
};

struct OrderRow {
  double value = 0.0;  ///< of the parameter
  double error = 0.0;
  std::optional<double> order = std::nullopt;  ///< between this row and the one before
};

/// How an error falls with a parameter.
struct OrderTable {
  std::string parameter;  ///< "h (epsilon = h^2)", "gamma", "epsilon"
  std::string error;      ///< what is compared with what
  std::string expected;   ///< order
  std::vector<OrderRow> rows;
  std::string note;  ///< why rows are missing; empty if none is
};

/// W2^2 to the target at every step from 0 on; a series that the case does not have is empty. Of a product: sums.
struct Distances {
  std::vector<double> grid;         ///< of the densities on the grid
  std::vector<double> closed_form;  ///< of the scheme's exact law
  std::vector<double> bound;        ///< (1 - gamma lambda)^n W2^2(mu_0), of a product the sum of its marginals'
  /// Of the closed-form particles of the proximal gradient: the Gaussian that fits each coordinate of the particles.
  std::vector<double> particles;
  Index count = 0;             ///< of particles
  Index dimension = 0;         ///< of the space they move in
  std::string particles_note;  ///< why there are none
};

/// A distinct marginal of a product.
struct MarginalResult {
  std::vector<std::pair<std::string, double>> keys;  ///< what sets it apart
  Index copies = 0;                                  ///< how often it occurs
  double w2_first = 0.0, w2_last = 0.0;              ///< W2^2 to its target; NaN where it was not measured
  double kl_last = 0.0;                              ///< likewise
};

/// How far a run is from the Fokker-Planck reference at the same times.
struct ReferenceDistance {
  std::string series;
  double largest = 0.0;  ///< of all steps
  Index step = 0;        ///< where
  double last = 0.0;     ///< at the last step where it was measured
  Index last_step = 0;
};

struct Validation {
  std::string name;        ///< of the case
  std::string comparison;  ///< the two runs, in words
  std::vector<Check> checks;
  std::vector<SkippedCheck> skipped;
  std::vector<Contraction> contractions;
  std::vector<OrderTable> orders;
  std::vector<ReferenceDistance> references;
  std::optional<Distances> distances;  ///< where W2 to the target was measured
  std::vector<MarginalResult> marginals;
  std::string file;  ///< that was written; empty if none was

  bool holds() const;
};

/// Runs a case twice, as it is and with twice the spacing (half where that is too coarse for gamma), and holds every
/// step against the closed form of its scheme, where there is one, and against the theory's inequalities; JKO steps are
/// solved to a thousandth of the case's tolerance. The change between the two runs estimates the discretization error:
/// a check is violated where it fails by more. With `refine` >= 1 the case is rerun for the orders in h (epsilon =
/// h^2), gamma and epsilon, each halved (epsilon: doubled) so many times. Writes no file, but for a product whose
/// case names an output.file. Throws as running the case does.
Validation validate(const LoadCase& load, int refine = 0);

}  // namespace wpg
