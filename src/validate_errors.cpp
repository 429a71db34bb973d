#include "validate_errors.hpp"

#include <algorithm>
#include <cmath>

namespace wpg {
namespace {

using Vector = Eigen::VectorXd;

/// Transforms round densities by this share of their largest value, wherever in the box.
constexpr double rounded_mass = 1e-15;

}  // namespace

Vector spread(const Vector& x) {
  Vector wide = x;
  for (Index n = 0; n < x.size(); ++n) {
    for (Index m = std::max<Index>(0, n - 1); m <= std::min(x.size() - 1, n + 1); ++m) {
      if (std::isfinite(x[m])) wide[n] = std::max(wide[n], x[m]);
    }
  }
  return wide;
}

Vector certified_error(const Pair& pair) {
  Vector sum = Vector::Zero(pair.run["mass"].size());
  if (!pair.run.has("jko_l1_bound")) return sum;
  const Vector bound = pair.run["jko_l1_bound"];
  for (Index n = 1; n < sum.size(); ++n) sum[n] = sum[n - 1] + bound[n];
  return sum / static_cast<double>(pair.run.marginals);
}

Vector cut_mass(const Recording& run) {
  const RunPlan& plan = run.plan.run;
  Vector sum = Vector::Zero(run["mass"].size());
  const Vector beyond = run.beyond.size() > 0     ? run.beyond
                        : run.has("clamped_mass") ? run["clamped_mass"]
                                                  : Vector(sum);
  const double kept = 1.0 / (1.0 + plan.scheme.time_step * std::max(0.0, run.lambda));
  const double most = most_beyond * static_cast<double>(run.marginals);
  for (Index n = 0; n < sum.size(); ++n) {
    sum[n] = (n > 0 ? kept * sum[n - 1] : 0.0) + (std::isfinite(beyond[n]) ? std::clamp(beyond[n], 0.0, most) : 0.0);
  }
  return sum.array() + rounded_mass * static_cast<double>(run.marginals);
}

double squared_width(const Grid& grid) {
  double sum = 0.0;
  for (const Axis& axis : grid.axes()) sum += std::pow(axis.upper - axis.lower, 2);
  return sum;
}

Vector cut_error(const Recording& run) {
  const Problem& problem = run.plan.run.problem;
  constexpr double logarithms = 50.0;
  return cut_mass(run) * ((1.0 + std::max(0.0, problem.curvature.L)) * squared_width(problem.grid) + logarithms);
}

Vector difference(const Pair& pair, const std::string& series) {
  return spread(pair.factor * (pair.run[series] - pair.other[series]).cwiseAbs());
}

}  // namespace wpg
