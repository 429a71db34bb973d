#include <algorithm>
#include <cmath>
#include <limits>

#include "dense_matrix.hpp"
#include "text.hpp"
#include "wpg/diagnostics/wasserstein.hpp"
#include "wpg/error.hpp"
#include "wpg/exact.hpp"
#include "wpg/wasserstein.hpp"

namespace wpg {
namespace {

constexpr double no_distance = std::numeric_limits<double>::quiet_NaN();

/// Squared spacings to a regularization by default: the kernel is resolved well and the iterations stay few.
constexpr double default_regularization = 4.0;

SinkhornOptions sinkhorn_options(const Grid& grid, const DiagnosticOptions& options) {
  const double h = grid.largest_spacing();
  SinkhornOptions sinkhorn;
  sinkhorn.epsilon = options.w2_epsilon > 0.0 ? options.w2_epsilon : default_regularization * h * h;
  sinkhorn.tolerance = TargetDistance::tolerance;
  return sinkhorn;
}

bool is_due(Index step, Index every, const std::vector<Index>& others) {
  return (every > 0 ? step % every : step) == 0 || std::binary_search(others.begin(), others.end(), step);
}

bool is_line(const Grid& grid) { return grid.dimension() == 1 && grid.axis(0).boundary != Boundary::periodic; }

}  // namespace

TargetDistance::TargetDistance(const Problem& problem, const DiagnosticOptions& options,
                               std::shared_ptr<const Integrator> integrator)
    : integrator_(std::move(integrator)), every_(options.w2_every), steps_(options.w2_steps) {
  choose(problem, options);
}

TargetDistance::~TargetDistance() = default;

void TargetDistance::choose(const Problem& problem, const DiagnosticOptions& options) {
  if (!problem.target) {
    method_ = "there is no target";
  } else if (options.w2 == DistanceMethod::none) {
    method_ = "diagnostics.w2 = none";
  } else if (options.w2 == DistanceMethod::sinkhorn) {
    use_sinkhorn(*problem.target, options);
  } else if (is_line(problem.grid)) {
    use_line(*problem.target);
  } else if (problem.gaussian_initial && problem.gaussian_target) {
    use_moments(*problem.gaussian_target);
  } else {
    method_ = "neither a line nor Gaussian; diagnostics.w2 = sinkhorn measures it";
  }
}

void TargetDistance::use_line(const Field& target) {
  method_ = "quantile functions";
  measure_ = [pi = std::make_shared<const LineDistribution>(target)](const StepView& view) {
    return w2_squared(LineDistribution(view.rho), *pi);
  };
}

void TargetDistance::use_moments(const Gaussian& target) {
  method_ = "mean and covariance";
  measure_ = [law = exact::normal(target), integrator = integrator_](const StepView& view) {
    if (!view.integrals) view.integrals = (*integrator)(view.rho);
    const Integrals& i = *view.integrals;
    return cholesky_factor(i.covariance) ? exact::w2_squared({i.mean, i.covariance}, law) : no_distance;
  };
}

void TargetDistance::use_sinkhorn(const Field& target, const DiagnosticOptions& options) {
  const SinkhornOptions sinkhorn = sinkhorn_options(target.grid, options);
  method_ = "debiased Sinkhorn divergence, epsilon = " + shortest(sinkhorn.epsilon);
  iterative_ = true;
  measure_ = [divergence = std::make_shared<SinkhornDivergence>(target, sinkhorn)](const StepView& view) {
    const SinkhornReport report = (*divergence)(view.rho);
    view.w2_marginal_error = report.marginal_error;
    return report.converged ? report.w2_squared : no_distance;
  };
}

bool TargetDistance::due(Index step) const { return is_due(step, every_, steps_); }

double TargetDistance::operator()(const StepView& view) const {
  if (!measure_ || !due(view.step)) return no_distance;
  if (!view.w2_squared) view.w2_squared = measure_(view);
  return *view.w2_squared;
}

bool PairDistance::due(Index step) const { return is_due(step, every_, steps_); }

PairDistance::PairDistance(const Grid& grid, const DiagnosticOptions& options)
    : every_(options.w2_every), steps_(options.w2_steps) {
  if (options.w2 == DistanceMethod::none) return;
  if (options.w2 == DistanceMethod::sinkhorn) {
    const SinkhornOptions sinkhorn = sinkhorn_options(grid, options);
    method_ = "debiased Sinkhorn divergence, epsilon = " + shortest(sinkhorn.epsilon);
    measure_ = [sinkhorn](const Field& a, const Field& b) {
      const SinkhornReport report = SinkhornDivergence(b, sinkhorn)(a);
      return report.converged ? std::sqrt(std::max(0.0, report.w2_squared)) : no_distance;
    };
  } else if (is_line(grid)) {
    method_ = "quantile functions";
    measure_ = [](const Field& a, const Field& b) {
      return std::sqrt(wpg::w2_squared(LineDistribution(a), LineDistribution(b)));
    };
  }
}

}  // namespace wpg
