#include "factory_tables.hpp"
#include "small_matrix.hpp"
#include "wpg/potentials/banana.hpp"
#include "wpg/potentials/double_well.hpp"
#include "wpg/potentials/formula.hpp"
#include "wpg/potentials/gaussian_mixture.hpp"
#include "wpg/potentials/linear_regression.hpp"
#include "wpg/potentials/logistic.hpp"
#include "wpg/potentials/quadratic.hpp"

namespace wpg {
namespace {

using MadePotential = std::shared_ptr<const Potential>;

MadePotential make_quadratic(const Config& config, const Grid& grid) {
  return std::make_shared<Quadratic>(per_axis(config, "potential.mean", grid.dimension()),
                                     matrix_or_multiple(config, "potential.precision", grid.dimension()));
}

Gaussian gaussian_of_quadratic(const Config& config, const Grid& grid) {
  return {per_axis(config, "potential.mean", grid.dimension()),
          inverse(matrix_or_multiple(config, "potential.precision", grid.dimension()))};
}

MadePotential make_double_well(const Config& config, const Grid&) {
  return std::make_shared<DoubleWell>(config.positive("potential.well"), config.positive("potential.barrier"),
                                      config.positive("potential.stiffness"));
}

MadePotential make_gaussian_mixture(const Config& config, const Grid& grid) {
  const MixtureKeys keys = read_mixture(config, "potential", grid.dimension());
  return std::make_shared<GaussianMixture>(keys.weights, keys.components);
}

MadePotential make_banana(const Config& config, const Grid& grid) {
  if (grid.dimension() != 2) {
    config.reject("potential.type",
                  "a potential in " + std::to_string(grid.dimension()) + "D, as the grid; banana is one in 2D");
  }
  return std::make_shared<Banana>(config.number("potential.bend"), config.point("potential.deviations", 2));
}

MadePotential make_logistic(const Config& config, const Grid& grid) {
  const std::vector<std::string> columns = config.words("potential.columns");
  if (static_cast<int>(columns.size()) != grid.dimension()) {
    config.reject("potential.columns", std::to_string(grid.dimension()) + " names for a grid in " +
                                           std::to_string(grid.dimension()) +
                                           "D: the response, last, and one covariate per axis beyond the intercept's");
  }
  const Observations observations =
      read_observations(config.path("potential.data"), columns, config.flag("potential.standardise"));
  return std::make_shared<Logistic>(observations, config.positive("potential.prior-deviation"));
}

/// The Gaussian law of the slopes under a flat prior, whose potential this is.
Gaussian law_of_slopes(const Config& config, const Grid& grid) {
  const std::vector<std::string> columns = config.words("potential.columns");
  if (static_cast<int>(columns.size()) != grid.dimension() + 1) {
    config.reject("potential.columns", std::to_string(grid.dimension() + 1) + " names for a grid in " +
                                           std::to_string(grid.dimension()) +
                                           "D: one covariate per axis, the response last");
  }
  const LeastSquares fit =
      read_least_squares(config.path("potential.data"), columns, config.flag("potential.standardise"));
  const double noise = config.text("potential.noise") == "auto" ? fit.deviation : config.positive("potential.noise");
  return {fit.estimate, noise * noise * inverse(Tensor(fit.gram))};
}

MadePotential make_linear(const Config& config, const Grid& grid) {
  const Gaussian law = law_of_slopes(config, grid);
  const Tensor precision = inverse(law.covariance);
  return std::make_shared<Quadratic>(law.mean, 0.5 * (precision + precision.transpose()));
}

MadePotential make_formula(const Config& config, const Grid& grid) {
  return std::make_shared<FormulaPotential>(Expression("V", config.text("potential.V"), grid.dimension()));
}

MadePotential make_none(const Config&, const Grid&) { return nullptr; }

}  // namespace

const std::vector<PotentialRow>& potential_rows() {
  static const std::vector<PotentialRow> rows = {
      {"none", "V = 0: the target is uniform", {}, make_none, {}},
      {"quadratic",
       "(x - mean)' precision (x - mean) / 2: a Gaussian target",
       {"mean", "precision"},
       make_quadratic,
       gaussian_of_quadratic},
      {"double-well",
       "barrier (x^2/well^2 - 1)^2 + stiffness (y^2 + z^2)/2",
       {"well", "barrier", "stiffness"},
       make_double_well,
       {}},
      {"gaussian-mixture",
       "-log of a mixture of Gaussians",
       {"weights", "means", "covariances"},
       make_gaussian_mixture,
       {}},
      {"banana",
       "x^2/(2 s^2) + (y - bend (x^2 - s^2))^2/(2 t^2), s and t the deviations",
       {"bend", "deviations"},
       make_banana,
       {}},
      {"logistic",
       "posterior of Bayesian logistic regression on a CSV file",
       {"data", "columns", "standardise", "prior-deviation"},
       make_logistic,
       {}},
      {"linear",
       "posterior of Bayesian linear regression on a CSV file, before the prior",
       {"data", "columns", "standardise", "noise"},
       make_linear,
       law_of_slopes},
      {"expression", "any formula in x, y, z", {"V"}, make_formula, {}},
  };
  return rows;
}

}  // namespace wpg
