#pragma once
#include <functional>
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
  /// Whether it is measured by iterations, whose L1 error in the marginals a view then holds; they have to bring it
  /// below `tolerance`.
  bool iterative() const { return iterative_; }
  static constexpr double tolerance = 1e-6;
  /// NaN at steps that are not due, where the moments of a density are degenerate, and where iterations stopped short
  /// of the tolerance.
  double operator()(const StepView& view) const;

 private:
  bool due(Index step) const;
  void choose(const Problem& problem, const DiagnosticOptions& options);
  void use_line(const Field& target);
  void use_moments(const Gaussian& target);
  void use_sinkhorn(const Field& target, const DiagnosticOptions& options);

  std::shared_ptr<const Integrator> integrator_;
  std::function<double(const StepView&)> measure_;
  std::string method_;
  Index every_ = 1;
  std::vector<Index> steps_;
  bool iterative_ = false;
};

/// W2 between two densities that both change, not squared: exact on a line, elsewhere by the debiased Sinkhorn
/// divergence where `options` ask for it.
class PairDistance {
 public:
  PairDistance(const Grid& grid, const DiagnosticOptions& options);

  bool available() const { return static_cast<bool>(measure_); }
  const std::string& method() const { return method_; }
  /// Whether it is measured at a step.
  bool due(Index step) const;
  /// NaN where iterations stopped short of their tolerance.
  double operator()(const Field& a, const Field& b) const { return measure_(a, b); }

 private:
  std::function<double(const Field&, const Field&)> measure_;
  std::string method_;
  Index every_;
  std::vector<Index> steps_;
};

}  // namespace wpg
