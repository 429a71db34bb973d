#include <algorithm>
#include <iterator>
#include <limits>

#include "text.hpp"
#include "wpg/diagnostics/closed_form.hpp"
#include "wpg/diagnostics/fisher.hpp"
#include "wpg/diagnostics/observable.hpp"
#include "wpg/diagnostics/theory.hpp"
#include "wpg/diagnostics/wasserstein.hpp"
#include "wpg/error.hpp"
#include "wpg/recorder.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

using Evaluate = std::function<void(const StepView&, std::span<double>)>;

/// A diagnostic made from the integrals all of them share.
template <class Write>
Evaluate from(const std::shared_ptr<const Integrator>& integrator, Write&& write) {
  return [integrator, write](const StepView& view, std::span<double> out) {
    if (!view.integrals) view.integrals = (*integrator)(view.rho);
    write(*view.integrals, out);
  };
}

Diagnostic scalar(const std::string& name, const std::string& description, Evaluate evaluate) {
  return {name, description, {}, false, {}, std::move(evaluate)};
}

/// A diagnostic of the stages' reports; missing at step 0, where no stage has run.
template <class Value>
Diagnostic report(const std::string& name, const std::string& description, bool integer, Value&& value) {
  return {name, description, {}, integer, {}, [value](const StepView& view, std::span<double> out) {
            out[0] = view.step == 0 ? missing : static_cast<double>(value(view.report));
          }};
}

/// The sum of the problem's energies.
double energy_of(const StepView& view, const std::shared_ptr<const Integrator>& shared) {
  if (!view.problem.energies.empty()) {
    double sum = 0.0;
    for (const auto& energy : view.problem.energies) sum += energy->value(view.rho);
    return sum;
  }
  if (!view.integrals) view.integrals = (*shared)(view.rho);
  return view.integrals->entropy + view.integrals->potential_energy;
}

/// The sum of the problem's energies, and those among them that are no integrals of the density alone.
void add_energies(std::vector<Diagnostic>& all, const Problem& problem) {
  all.push_back(scalar("energy", "free energy: the sum of its terms",
                       [](const StepView& view, std::span<double> out) { out[0] = energy_of(view, nullptr); }));
  for (const auto& energy : problem.energies) {
    const std::string name(energy->name());
    if (name == "entropy" || name == "potential_energy" || name == "nonsmooth_energy") continue;
    all.push_back(scalar(name, "a term of the free energy",
                         [energy](const StepView& view, std::span<double> out) { out[0] = energy->value(view.rho); }));
  }
}

void add_integrals(std::vector<Diagnostic>& all, const Problem& problem,
                   const std::shared_ptr<const Integrator>& shared) {
  using I = const Integrals&;
  using Out = std::span<double>;
  if (problem.energies.empty()) {
    const std::string terms =
        problem.nonsmooth ? "entropy + potential energy + nonsmooth energy" : "entropy + potential energy";
    all.push_back(scalar("energy", "free energy: " + terms, from(shared, [](I i, Out out) { out[0] = i.energy(); })));
  } else {
    add_energies(all, problem);
  }
  all.push_back(scalar("entropy", "integral of rho log rho", from(shared, [](I i, Out out) { out[0] = i.entropy; })));
  all.push_back(
      scalar("potential_energy", "integral of V rho", from(shared, [](I i, Out out) { out[0] = i.potential_energy; })));
  if (problem.nonsmooth) {
    all.push_back(scalar("nonsmooth_energy", "integral of F rho",
                         from(shared, [](I i, Out out) { out[0] = i.nonsmooth_energy; })));
  }
  if (problem.target) {
    all.push_back(
        scalar("kl", "Kullback-Leibler divergence from the target", from(shared, [](I i, Out out) { out[0] = i.kl; })));
  }
  all.push_back(scalar("mass", "integral of rho", from(shared, [](I i, Out out) { out[0] = i.mass; })));
  all.push_back({"mean", "mean of rho", {"axis"}, false, {}, from(shared, [](I i, Out out) {
                   std::copy(i.mean.begin(), i.mean.end(), out.begin());
                 })});
  all.push_back({"covariance", "covariance of rho", {"axis", "axis"}, false, {}, from(shared, [](I i, Out out) {
                   std::copy_n(i.covariance.data(), i.covariance.size(), out.begin());
                 })});
}

/// What the flow dissipates at the density, and what the scheme's last step did per time.
void add_dissipation(std::vector<Diagnostic>& all, const Problem& problem, double time_step,
                     const std::shared_ptr<const Integrator>& shared) {
  if (problem.energies.empty()) {
    all.push_back(scalar("fisher_information",
                         "relative Fisher information: integral of rho |grad log(rho/exp(-V-F))|^2",
                         [fisher = std::make_shared<const FisherInformation>(problem)](
                             const StepView& view, std::span<double> out) { out[0] = (*fisher)(view.rho); }));
  } else {
    all.push_back(scalar("dissipation", "integral of rho |grad of the first variation of the energy|^2",
                         [rate = std::make_shared<const Dissipation>(problem.grid, problem.energies)](
                             const StepView& view, std::span<double> out) { out[0] = (*rate)(view.rho); }));
  }
  all.push_back(scalar("entropy_production", "free energy lost in the last step, per time",
                       [shared, time_step, last = missing](const StepView& view, std::span<double> out) mutable {
                         const double now = energy_of(view, shared);
                         out[0] = view.step == 0 ? missing : (last - now) / time_step;
                         last = now;
                       }));
}

void add_distance(std::vector<Diagnostic>& all, const std::shared_ptr<const TargetDistance>& distance) {
  if (!distance->available()) return;
  all.push_back(scalar("w2_squared", "squared Wasserstein distance to the target, by " + distance->method(),
                       [distance](const StepView& view, std::span<double> out) { out[0] = (*distance)(view); }));
  if (!distance->iterative()) return;
  all.push_back(scalar("w2_marginal_error",
                       "L1 error of the marginals behind w2_squared, which is missing where this exceeds " +
                           shortest(TargetDistance::tolerance),
                       [distance](const StepView& view, std::span<double> out) {
                         (*distance)(view);
                         out[0] = view.w2_marginal_error.value_or(missing);
                       }));
}

void add_transport(std::vector<Diagnostic>& all) {
  all.push_back(report("clamped_mass", "fraction of the mass kept in the box by clamping the map", false,
                       [](const StepReport& r) { return r.transport.clamped_mass; }));
  all.push_back(report("limited_mass", "fraction of the mass moved by the positivity limiter", false,
                       [](const StepReport& r) { return r.transport.limited_mass; }));
}

void add_explicit(std::vector<Diagnostic>& all) {
  all.push_back(report("substeps", "pushforwards that the explicit step was divided into", true,
                       [](const StepReport& r) { return r.transport.substeps; }));
  all.push_back(report("compression", "largest rate at which the velocity compresses, in 1/time", false,
                       [](const StepReport& r) { return r.transport.compression; }));
}

/// The back-ends that can serve a step, in the order of their flag values.
const std::vector<std::string> kernel_names = {"truncated", "fft", "tilted-fft", "dense", "other"};

Diagnostic kernel_used() {
  return {"jko_kernel",
          "back-end of the Gibbs kernel on the finest level",
          {},
          true,
          kernel_names,
          [](const StepView& view, std::span<double> out) {
            const auto found = std::find(kernel_names.begin(), kernel_names.end() - 1, view.report.jko.kernel);
            out[0] = view.step == 0 ? missing : static_cast<double>(found - kernel_names.begin());
          }};
}

void add_jko(std::vector<Diagnostic>& all) {
  all.push_back(report("jko_iterations", "iterations of the JKO step, on all levels", true,
                       [](const StepReport& r) { return r.jko.iterations; }));
  all.push_back(report("jko_kernel_applications", "applications of the Gibbs kernel, in units of the grid", false,
                       [](const StepReport& r) { return r.jko.kernel_applications; }));
  all.push_back(report("jko_gap", "duality gap of the JKO step", false, [](const StepReport& r) { return r.jko.gap; }));
  all.push_back(report("jko_residual", "rho-weighted L2 norm of the residual of log rho", false,
                       [](const StepReport& r) { return r.jko.residual; }));
  all.push_back(report("jko_l1_bound", "bound on the L1 distance to the exact minimiser", false,
                       [](const StepReport& r) { return r.jko.l1_bound; }));
  all.push_back(report("jko_mass_defect", "relative error of the mass by rounding, before it was set right", false,
                       [](const StepReport& r) { return r.jko.mass_defect; }));
  all.push_back(report("jko_converged", "1 where the JKO step met its tolerance", true,
                       [](const StepReport& r) { return r.jko.converged ? 1 : 0; }));
  all.push_back(report("epsilon", "entropic regularization", false, [](const StepReport& r) { return r.jko.epsilon; }));
  all.push_back(kernel_used());
}

void append(std::vector<Diagnostic>& all, std::vector<Diagnostic> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

bool has_stage(const Scheme& scheme, std::string_view name) {
  return std::any_of(scheme.stages.begin(), scheme.stages.end(),
                     [&](const std::unique_ptr<Stage>& stage) { return stage->name() == name; });
}

Index Diagnostic::size(int dimension) const {
  Index size = 1;
  for (std::size_t k = 0; k < axes.size(); ++k) size *= dimension;
  return size;
}

std::vector<Diagnostic> standard_diagnostics(const Problem& problem, const Scheme& scheme,
                                             const DiagnosticOptions& options) {
  std::vector<Diagnostic> all;
  const auto shared = std::make_shared<const Integrator>(problem);
  const auto distance = std::make_shared<const TargetDistance>(problem, options, shared);
  add_integrals(all, problem, shared);
  add_distance(all, distance);
  add_dissipation(all, problem, scheme.time_step, shared);
  append(all, closed_form_diagnostics(problem, scheme, shared));
  if (options.theory && is_proximal_gradient(problem, scheme)) {
    append(all, theory_diagnostics(std::make_shared<Theory>(problem, scheme.time_step, distance, shared)));
  }
  const auto moves = [&](const char* stage) { return has_stage(scheme, stage); };
  if (moves("pushforward") || moves("explicit") || moves("prox") || moves("pushforward and prox")) add_transport(all);
  if (has_stage(scheme, "explicit")) add_explicit(all);
  if (has_stage(scheme, "jko")) add_jko(all);
  return all;
}

Diagnostic make_observable(const std::string& name, const std::string& description, const Grid& grid,
                           const std::function<double(const Point&)>& f) {
  auto values = std::make_shared<const Field>(sample(grid, f));
  if (!values->values.isFinite().all()) throw InvalidValue("expression", description, "finite at every cell centre");
  return scalar(name, "expectation of " + description, [values](const StepView& view, std::span<double> out) {
    out[0] = integral(*values, view.rho) / integral(view.rho);
  });
}

}  // namespace wpg
