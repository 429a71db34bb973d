#pragma once
#include <memory>
#include <string>
#include <vector>

#include "wpg/config.hpp"
#include "wpg/diagnostics/particles.hpp"
#include "wpg/reference/solution.hpp"
#include "wpg/run.hpp"

namespace wpg {

/// A case made ready to run.
struct CasePlan {
  RunPlan run;
  std::string name;                              ///< of the case
  std::string potential, initial;                ///< their types, as named in the case
  std::string file;                              ///< the result file
  std::vector<std::string> observables;          ///< names of the diagnostics asked for in [observable]
  std::shared_ptr<ReferenceSolution> reference;  ///< recorded beside rho; null if none was asked for
  std::shared_ptr<ParticleRecord> particles;     ///< likewise
  Index seed = 0;                                ///< of the particles
  double gamma = 0.0;
  double epsilon = 0.0;  ///< 0 for a scheme without a JKO step
  double seconds = 0.0;  ///< that planning took
};

/// Checks the case's values and plans everything; writes nothing. `w2_steps` are steps, ascending, at which W2 is
/// measured beside those that the case asks for. UsageError, InputError.
CasePlan plan_case(const Config& config, const std::vector<Index>& w2_steps = {});
/// The checks that need no grid, of the values of sections [scheme], [jko], [output] and [run].
void check_values(const Config& config);

/// scheme.gamma: positive and below 1/L; UsageError names L and the largest admissible gamma otherwise.
double checked_gamma(const Config& config, const Curvature& curvature);
/// jko.epsilon: from 0.5 h^2 (h the largest spacing; below, the sampled kernel is no quadrature) to 2 gamma.
/// auto is h^2, or 1.9 gamma where that is less.
double checked_epsilon(const Config& config, const Grid& grid, double gamma);

}  // namespace wpg
