#include <algorithm>

#include "factory_network.hpp"
#include "factory_tables.hpp"
#include "gauss_rules.hpp"
#include "wpg/csv.hpp"
#include "wpg/expression.hpp"
#include "wpg/initial.hpp"

namespace wpg {
namespace {

/// The three ways to say what is learned, each with the keys that it reads beside its own.
const std::vector<std::pair<std::string, std::vector<std::string>>> ways = {
    {"network.data", {"network.columns"}},
    {"network.truth", {"network.range", "network.nodes"}},
    {"network.means", {"network.weights", "network.covariances", "network.range", "network.nodes"}},
};

void refuse_keys_of_others(const Config& config, const std::string& way, const std::vector<std::string>& read) {
  for (const auto& [other, keys] : ways) {
    for (const std::string& key : keys) {
      if (!config.given(key) || std::find(read.begin(), read.end(), key) != read.end()) continue;
      config.reject(key, "left out where there is " + way);
    }
  }
}

/// The way that the case uses.
std::string chosen_way(const Config& config) {
  std::string found;
  for (const auto& [way, keys] : ways) {
    if (!config.given(way)) continue;
    if (!found.empty()) config.reject(way, "left out where there is " + found);
    found = way;
  }
  if (found.empty()) {
    throw UsageError("energy.network = " + config.text("energy.network") +
                     ": needs network.data (a CSV file), network.truth (a formula in x) or network.means (a teacher)");
  }
  for (const auto& [way, keys] : ways) {
    if (way == found) refuse_keys_of_others(config, way, keys);
  }
  return found;
}

Regression read_data(const Config& config, const Neuron& neuron) {
  const std::vector<std::string> columns = config.words("network.columns");
  if (static_cast<Index>(columns.size()) != neuron.inputs() + 1) {
    config.reject("network.columns", std::to_string(neuron.inputs() + 1) +
                                         " names: one input per weight (or one input), the response last");
  }
  const Eigen::MatrixXd table = read_csv(config.path("network.data"), columns);
  return {table.leftCols(neuron.inputs()).transpose(), table.rightCols(1).array(), Values::Ones(table.rows())};
}

/// Gauss-Legendre nodes of the uniform density on network.range; y is still to be filled.
Regression quadrature(const Config& config, const Neuron& neuron) {
  if (neuron.inputs() != 1) {
    config.reject("network.parameters", "with at most one weight where the inputs are not from network.data");
  }
  const std::vector<double> range = config.numbers("network.range");
  if (range.size() != 2 || !(range[0] < range[1])) config.reject("network.range", "two increasing numbers");
  const Index nodes = config.integer("network.nodes", 1);
  if (nodes > 1000) config.reject("network.nodes", "a whole number from 1 to 1000");
  const GaussRule rule = gauss_legendre(static_cast<int>(nodes));
  Regression data{Eigen::MatrixXd(1, nodes), Values::Zero(nodes), rule.weights};
  data.x.row(0) = (0.5 * (range[0] + range[1]) + 0.5 * (range[1] - range[0]) * rule.nodes).matrix().transpose();
  return data;
}

Values formula_values(const Config& config, const Eigen::MatrixXd& x) {
  const Expression formula =
      in_words_of_case(config, "network.truth", [&] { return Expression("truth", config.text("network.truth"), 1); });
  Values y(x.cols());
  for (Index p = 0; p < y.size(); ++p) y[p] = formula.value(x.col(p));
  if (!y.isFinite().all()) config.reject("network.truth", "finite on network.range");
  return y;
}

/// The teacher's weights, scaled to sum one.
std::vector<double> teacher_shares(const Config& config, const MixtureKeys& keys) {
  const std::size_t count = keys.components.size();
  if (keys.weights.size() != count) {
    config.reject("network.weights", "as many numbers as there are means: " + std::to_string(count));
  }
  double total = 0.0;
  for (const double weight : keys.weights) {
    if (!(weight > 0.0)) config.reject("network.weights", "positive numbers");
    total += weight;
  }
  std::vector<double> shares = keys.weights;
  for (double& share : shares) share /= total;
  return shares;
}

/// The teacher's output: that of atoms where all covariances are zero, else of a density on the grid.
Values teacher_values(const Config& config, const Grid& grid, const Neuron& neuron, const Regression& data) {
  const MixtureKeys keys = read_mixture(config, "network", grid.dimension());
  const std::vector<double> shares = teacher_shares(config, keys);
  std::vector<Point> atoms;
  for (const Gaussian& component : keys.components) {
    if (component.covariance.isZero(0.0)) atoms.push_back(component.mean);
  }
  if (atoms.size() == shares.size()) return network_output(neuron, atoms, shares, data.x);
  if (!atoms.empty()) config.reject("network.covariances", "all zero (atoms) or none");
  return in_words_of_case(config, "network.means", [&] {
    Field teacher = mixture_density(grid, shares, keys.components);
    normalise(teacher);
    return Network(grid, neuron, data).fit(teacher);
  });
}

}  // namespace

Regression make_regression(const Config& config, const Grid& grid, const Neuron& neuron) {
  const std::string way = chosen_way(config);
  if (way == "network.data") return read_data(config, neuron);
  Regression data = quadrature(config, neuron);
  data.y = way == "network.truth" ? formula_values(config, data.x) : teacher_values(config, grid, neuron, data);
  return data;
}

}  // namespace wpg
