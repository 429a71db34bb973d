#pragma once
#include <memory>

#include "factory_tables.hpp"
#include "wpg/schemes/explicit_stage.hpp"

/// Stages as cases configure them, for the schemes to put together.
namespace wpg {

/// The proximal step of the entropy, with V (scheme backward) and with F where they are not null.
std::unique_ptr<Stage> make_jko_stage(const Config& config, const Grid& grid, double gamma, const Potential* V,
                                      const Nonsmooth* F);

/// A heat flow of variance `share` gamma, refused where the sampled Gaussian is too narrow to be a quadrature (its
/// error is exp(-2 pi^2 variance/h^2) a step).
std::unique_ptr<Stage> make_heat_stage(const Config& config, const Grid& grid, double share);

Substeps substeps(const Config& config);

Scheme make_forward_backward(const Config& config, const Problem& problem);

}  // namespace wpg
