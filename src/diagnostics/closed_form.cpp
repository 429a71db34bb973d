#include <algorithm>
#include <cmath>
#include <limits>

#include "wpg/diagnostics/closed_form.hpp"

namespace wpg {
namespace {

/// The recursion at the step that a diagnostic is asked for; starts again at step 0.
class Follower {
 public:
  explicit Follower(exact::GaussianRecursion start) : start_(start), now_(std::move(start)) {}

  /// Null once a step has been divided into parts: the closed form is that of whole steps.
  const exact::Normal* at(const StepView& view) {
    if (view.step < now_.step()) now_ = start_;
    if (view.step == 0) divided_ = false;
    divided_ = divided_ || view.report.transport.substeps > 1;
    while (now_.step() < view.step) now_.advance();
    return divided_ ? nullptr : &now_.law();
  }

 private:
  exact::GaussianRecursion start_, now_;
  bool divided_ = false;
};

std::optional<exact::Quadratic> quadratic_of(const Problem& problem) {
  if (problem.gaussian_target) return exact::potential_of(exact::normal(*problem.gaussian_target));
  const auto& axes = problem.grid.axes();
  const bool open = std::all_of(axes.begin(), axes.end(), [](const Axis& a) { return a.boundary == Boundary::free; });
  if (problem.potential || !open) return std::nullopt;
  const int d = problem.grid.dimension();
  return exact::Quadratic{Eigen::VectorXd::Zero(d), Eigen::MatrixXd::Zero(d, d)};
}

}  // namespace

std::optional<exact::GaussianRecursion> closed_form(const Problem& problem, const Scheme& scheme) {
  if (!problem.energies.empty() || problem.nonsmooth || !problem.gaussian_initial ||
      !exact::GaussianRecursion::knows(scheme.name))
    return std::nullopt;
  const std::optional<exact::Quadratic> V = quadratic_of(problem);
  if (!V) return std::nullopt;
  return exact::GaussianRecursion(scheme.name, exact::normal(*problem.gaussian_initial), *V, {scheme.time_step});
}

std::vector<Diagnostic> closed_form_diagnostics(const Problem& problem, const Scheme& scheme,
                                                const std::shared_ptr<const Integrator>& integrator) {
  const std::optional<exact::GaussianRecursion> recursion = closed_form(problem, scheme);
  if (!recursion) return {};
  const auto follower = std::make_shared<Follower>(*recursion);
  const auto against = [=](auto&& error) {
    return [=](const StepView& view, std::span<double> out) {
      if (!view.integrals) view.integrals = (*integrator)(view.rho);
      const exact::Normal* const law = follower->at(view);
      out[0] = law != nullptr ? error(*view.integrals, *law) : std::numeric_limits<double>::quiet_NaN();
    };
  };
  return {{"mean_error",
           "distance of the mean to the closed form, in its standard deviations",
           {},
           false,
           {},
           against([](const Integrals& i, const exact::Normal& law) {
             return (i.mean - law.mean).norm() / std::sqrt(law.covariance.trace());
           })},
          {"covariance_error",
           "distance of the covariance to the closed form, relative",
           {},
           false,
           {},
           against([](const Integrals& i, const exact::Normal& law) {
             return (i.covariance - law.covariance).norm() / law.covariance.norm();
           })}};
}

}  // namespace wpg
