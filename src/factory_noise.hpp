#pragma once
#include <memory>

#include "wpg/config.hpp"
#include "wpg/problem.hpp"
#include "wpg/schemes/explicit_stage.hpp"

namespace wpg {

/// Whether scheme.noise is above 0. UsageError where the case has no energy that takes noise, or keys without it.
bool has_noise(const Config& config);

/// The explicit step of the problem's energies with injected noise. They are made anew on a grid that reaches as far
/// as the noise does.
std::unique_ptr<Stage> make_noisy_stage(const Config& config, const Problem& problem, double gamma, Substeps substeps);

}  // namespace wpg
