#include "wpg/reference/solution.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "admissible.hpp"
#include "small_matrix.hpp"
#include "wpg/error.hpp"
#include "wpg/exact.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

std::size_t bytes_of(const Field& field) { return static_cast<std::size_t>(field.values.size()) * sizeof(double); }

[[noreturn]] void refuse_earlier(double time, double last) {
  throw std::logic_error("a reference solution at time " + written(last) + " was asked for the earlier time " +
                         written(time));
}

/// The density of a Gaussian at the cell centres, at least 1e-300.
void fill(Field& rho, const Gaussian& law) {
  const Tensor precision = inverse(law.covariance);
  const auto d = static_cast<double>(law.mean.size());
  const double log_peak = -0.5 * (d * std::log(2.0 * std::numbers::pi) + std::log(determinant(law.covariance)));
  parallel_blocks(rho.grid.size(), [&](Index begin, Index end) {
    for (Index cell = begin; cell < end; ++cell) {
      const Point x = rho.grid.center(cell) - law.mean;
      rho.values[cell] = std::max(1e-300, std::exp(log_peak - 0.5 * x.dot(precision * x)));
    }
  });
}

double stable_step(const Problem& problem, double step) {
  return problem.curvature.L > 0.0 ? std::min(step, 1.0 / problem.curvature.L) : step;
}

}  // namespace

FokkerPlanckSolution::FokkerPlanckSolution(const Problem& problem, double largest_step)
    : solver_(problem.grid, problem.potential.get(), stable_step(problem, largest_step)), rho_(problem.initial) {}

std::string FokkerPlanckSolution::description() const {
  return "solution of the Fokker-Planck equation by exponentially fitted finite volumes";
}

const Field& FokkerPlanckSolution::at(double time) {
  if (!(time >= time_)) refuse_earlier(time, time_);
  if (time == time_) return rho_;
  report_ = solver_.advance(rho_, time - time_);
  time_ = time;
  return rho_;
}

std::size_t FokkerPlanckSolution::memory() const {
  return 2 * bytes_of(rho_) + FokkerPlanck::factors_memory(rho_.grid);
}

bool OrnsteinUhlenbeckSolution::serves(const Problem& problem) {
  if (!problem.gaussian_initial || !problem.gaussian_target) return false;
  for (const Axis& axis : problem.grid.axes()) {
    if (axis.boundary == Boundary::periodic) return false;
  }
  return std::abs(problem.initial_factor - 1.0) < 1e-8;
}

OrnsteinUhlenbeckSolution::OrnsteinUhlenbeckSolution(const Problem& problem) : rho_(problem.grid) {
  if (!serves(problem)) throw InvalidValue("reference", "gaussian", "asked for only where the problem is Gaussian");
  initial_ = *problem.gaussian_initial;
  target_ = *problem.gaussian_target;
}

std::string OrnsteinUhlenbeckSolution::description() const {
  return "solution of the Fokker-Planck equation in closed form (Ornstein-Uhlenbeck)";
}

const Field& OrnsteinUhlenbeckSolution::at(double time) {
  if (!(time >= time_)) refuse_earlier(time, time_);
  if (time == time_) return rho_;
  const exact::Quadratic V = exact::potential_of(exact::normal(target_));
  fill(rho_, exact::gaussian(exact::ornstein_uhlenbeck(exact::normal(initial_), V, time)));
  time_ = time;
  return rho_;
}

std::size_t OrnsteinUhlenbeckSolution::memory() const { return bytes_of(rho_); }

}  // namespace wpg
