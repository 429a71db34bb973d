#include <algorithm>
#include <cmath>

#include "factory_tables.hpp"
#include "gauss_rules.hpp"
#include "wpg/csv.hpp"
#include "wpg/energies/network.hpp"
#include "wpg/expression.hpp"
#include "wpg/initial.hpp"

namespace wpg {
namespace {

using Rows = std::vector<ActivationRow>;

std::vector<std::string> axis_words(const Config& config, int dimension) {
  if (config.has("network.parameters")) return config.words("network.parameters");
  if (dimension == 1) return {"weight"};
  if (dimension == 2) return {"weight", "bias"};
  return {"output", "weight", "bias"};
}

Neuron make_neuron(const Config& config, const Grid& grid, const std::function<double(double)>& activation) {
  const std::string admissible = "one of output, weight, bias per axis of the grid, output and bias at most once";
  std::vector<Parameter> axes;
  for (const std::string& word : axis_words(config, grid.dimension())) {
    if (word != "output" && word != "weight" && word != "bias") config.reject("network.parameters", admissible);
    axes.push_back(word == "output" ? Parameter::output : word == "weight" ? Parameter::weight : Parameter::bias);
  }
  const auto once = [&](Parameter what) { return std::count(axes.begin(), axes.end(), what) <= 1; };
  if (static_cast<int>(axes.size()) != grid.dimension() || !once(Parameter::output) || !once(Parameter::bias)) {
    config.reject("network.parameters", admissible);
  }
  return {activation, std::move(axes)};
}

/// Which of the three ways to say what is learned the case uses; the keys of the others are refused.
std::string truth_key(const Config& config) {
  const std::vector<std::string> ways = {"network.data", "network.truth", "network.means"};
  std::string chosen_way;
  for (const std::string& way : ways) {
    if (!config.given(way)) continue;
    if (!chosen_way.empty()) config.reject(way, "left out where there is " + chosen_way);
    chosen_way = way;
  }
  if (chosen_way.empty()) {
    throw UsageError("energy.network = " + config.text("energy.network") +
                     ": needs network.data (a CSV file), network.truth (a formula in x) or network.means (a teacher)");
  }
  const std::vector<std::string> data_only = {"network.columns"}, formula_only = {"network.range", "network.nodes"},
                                 teacher_only = {"network.weights", "network.covariances"};
  const auto refuse = [&](const std::vector<std::string>& keys) {
    for (const std::string& key : keys) {
      if (config.given(key)) config.reject(key, "left out where there is " + chosen_way);
    }
  };
  if (chosen_way != "network.data") refuse(data_only);
  if (chosen_way == "network.data") refuse(formula_only);
  if (chosen_way != "network.means") refuse(teacher_only);
  return chosen_way;
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
  const Expression formula("truth", config.text("network.truth"), 1);
  Values y(x.cols());
  for (Index p = 0; p < y.size(); ++p) y[p] = formula.value(x.col(p));
  if (!y.isFinite().all()) config.reject("network.truth", "finite on network.range");
  return y;
}

/// The teacher's output: that of atoms where all covariances are zero, else of a density on the grid.
Values teacher_values(const Config& config, const Grid& grid, const Neuron& neuron, const Regression& data) {
  const MixtureKeys keys = read_mixture(config, "network", grid.dimension());
  if (keys.weights.size() != keys.components.size()) {
    config.reject("network.weights", "as many numbers as there are means: " + std::to_string(keys.components.size()));
  }
  double total = 0.0;
  bool atoms = true;
  std::vector<Point> at;
  for (std::size_t i = 0; i < keys.components.size(); ++i) {
    if (!(keys.weights[i] > 0.0)) config.reject("network.weights", "positive numbers");
    total += keys.weights[i];
    atoms = atoms && keys.components[i].covariance.isZero(0.0);
    at.push_back(keys.components[i].mean);
  }
  std::vector<double> shares = keys.weights;
  for (double& share : shares) share /= total;
  if (atoms) return network_output(neuron, at, shares, data.x);
  Field teacher = mixture_density(grid, shares, keys.components);
  normalise(teacher);
  return Network(grid, neuron, data).fit(teacher);
}

}  // namespace

const std::vector<ActivationRow>& activation_rows() {
  static const Rows rows = {
      {"none", "no network", {}},
      {"tanh", "tanh(s)", [](double s) { return std::tanh(s); }},
      {"sigmoid", "1/(1 + exp(-s))", [](double s) { return 0.5 * (1.0 + std::tanh(0.5 * s)); }},
      {"relu", "max(s, 0)", [](double s) { return std::max(s, 0.0); }},
      {"gaussian", "exp(-s^2/2)", [](double s) { return std::exp(-0.5 * s * s); }},
      {"cosine", "cos(s)", [](double s) { return std::cos(s); }},
      {"linear", "s", [](double s) { return s; }},
  };
  return rows;
}

void refuse_network_keys(const Config& config) {
  for (const Option& option : options()) {
    if (option.key.starts_with("network.") && config.given(option.key)) {
      config.reject(option.key, "left out where energy.network = none");
    }
  }
}

std::shared_ptr<const Network> make_network(const Config& config, const Grid& grid) {
  const ActivationRow& row = chosen(activation_rows(), config, "energy.network");
  return in_words_of_case(config, "network.parameters", [&] {
    const Neuron neuron = make_neuron(config, grid, row.activation);
    const std::string way = truth_key(config);
    Regression data = way == "network.data" ? read_data(config, neuron) : quadrature(config, neuron);
    if (way == "network.truth") data.y = formula_values(config, data.x);
    if (way == "network.means") data.y = teacher_values(config, grid, neuron, data);
    return std::make_shared<const Network>(grid, neuron, std::move(data), config.positive("energy.strength"));
  });
}

}  // namespace wpg
