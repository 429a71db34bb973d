#include "factory_tables.hpp"
#include "wpg/csv.hpp"
#include "wpg/initial.hpp"

namespace wpg {
namespace {

Gaussian read_gaussian(const Config& config, const Grid& grid) {
  return {per_axis(config, "initial.mean", grid.dimension()),
          matrix_or_multiple(config, "initial.covariance", grid.dimension())};
}

Field make_gaussian(const Config& config, const Grid& grid) {
  return gaussian_density(grid, read_gaussian(config, grid));
}

Field make_mixture(const Config& config, const Grid& grid) {
  const MixtureKeys keys = read_mixture(config, "initial", grid.dimension());
  return mixture_density(grid, keys.weights, keys.components);
}

Field make_box(const Config& config, const Grid& grid) {
  return box_density(grid, per_axis(config, "initial.lower", grid.dimension()),
                     per_axis(config, "initial.upper", grid.dimension()));
}

Field make_disc(const Config& config, const Grid& grid) {
  return disc_density(grid, per_axis(config, "initial.center", grid.dimension()), config.positive("initial.radius"));
}

Field make_samples(const Config& config, const Grid& grid) {
  const std::vector<std::string> columns = config.words("initial.columns");
  if (static_cast<int>(columns.size()) != grid.dimension()) {
    config.reject("initial.columns", std::to_string(grid.dimension()) + " names, one per axis");
  }
  const Eigen::MatrixXd points = read_csv(config.path("initial.file"), columns);
  const std::string bandwidth = config.text("initial.bandwidth");
  if (bandwidth == "histogram") return histogram_density(grid, points);
  if (bandwidth == "scott") return kernel_density(grid, points, scott_bandwidth(points));
  if (bandwidth == "silverman") return kernel_density(grid, points, silverman_bandwidth(points));
  double number = 0.0;
  if (!parse_number(config.words("initial.bandwidth").front(), number)) {
    config.reject("initial.bandwidth", "histogram, scott, silverman or numbers, one per axis or one for all");
  }
  return kernel_density(grid, points, per_axis(config, "initial.bandwidth", grid.dimension()));
}

Field make_formula_density(const Config& config, const Grid& grid) {
  return expression_density(grid, Expression("rho", config.text("initial.rho"), grid.dimension()));
}

}  // namespace

const std::vector<InitialRow>& initial_rows() {
  static const std::vector<InitialRow> rows = {
      {"gaussian", "N(mean, covariance)", {"mean", "covariance"}, make_gaussian, read_gaussian},
      {"mixture", "mixture of Gaussians", {"weights", "means", "covariances"}, make_mixture, {}},
      {"box", "uniform between lower and upper", {"lower", "upper"}, make_box, {}},
      {"disc", "uniform in an interval, disc or ball", {"center", "radius"}, make_disc, {}},
      {"samples",
       "histogram or Gaussian kernel density estimate of points in a CSV file",
       {"file", "columns", "bandwidth"},
       make_samples,
       {}},
      {"expression", "any nonnegative formula in x, y, z", {"rho"}, make_formula_density, {}},
  };
  return rows;
}

}  // namespace wpg
