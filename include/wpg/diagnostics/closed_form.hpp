#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "wpg/exact.hpp"
#include "wpg/recorder.hpp"

namespace wpg {

/// The closed form of a scheme on a problem: there is one where the initial density is Gaussian, V is quadratic (or
/// zero in free space) and the scheme is one of exact::GaussianRecursion. The JKO step is the exact one, so what a run
/// differs from it by includes the bias of epsilon.
std::optional<exact::GaussianRecursion> closed_form(const Problem& problem, const Scheme& scheme);

/// mean_error and covariance_error against the closed form: the first relative to the closed form's standard deviation
/// (root of the trace), the second relative to its covariance (Frobenius norms). None where there is no closed form.
/// Steps have to come in order, from 0 on. NaN once an explicit step was divided into parts, of which there is none.
std::vector<Diagnostic> closed_form_diagnostics(const Problem& problem, const Scheme& scheme,
                                                const std::shared_ptr<const Integrator>& integrator);

}  // namespace wpg
