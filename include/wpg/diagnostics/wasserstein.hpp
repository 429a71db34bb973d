#pragma once
#include <memory>
#include <string>
#include <vector>

#include "wpg/diagnostics/integrals.hpp"
#include "wpg/recorder.hpp"

namespace wpg {

/// W2^2 to the target of a problem, once per state: exact on a line (LineDistribution); between the Gaussians of the
/// density's and the target's moments where the problem is Gaussian and has several dimensions; elsewhere the debiased
/// Sinkhorn divergence, where it is asked for, since it costs more than a step.
class TargetDistance {
 public:
  TargetDistance(const Problem& problem, const DiagnosticOptions& options,
                 std::shared_ptr<const Integrator> integrator);
  ~TargetDistance();

  bool available() const { return static_cast<bool>(measure_); }
  /// How it is measured, or why it is not.
  const std::string& method() const { return method_; }
  /// NaN at steps that are not due, and where the moments of a density are degenerate.
  double operator()(const StepView& view) const;

 private:
  bool due(Index step) const;
  void choose(const Problem& problem, const DiagnosticOptions& options);
  void use_line(const Field& target);
  void use_moments(const Gaussian& target);
  void use_sinkhorn(const Field& target, double epsilon);

  std::shared_ptr<const Integrator> integrator_;
  std::function<double(const StepView&)> measure_;
  std::string method_;
  Index every_ = 1;
  std::vector<Index> steps_;
};

}  // namespace wpg
