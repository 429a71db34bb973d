#include <algorithm>
#include <cmath>

#include "factory_network.hpp"
#include "factory_tables.hpp"

namespace wpg {
namespace {

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

}  // namespace

const std::vector<ActivationRow>& activation_rows() {
  static const std::vector<ActivationRow> rows = {
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
  return in_words_of_case(config, "energy.network", [&] {
    const Neuron neuron = make_neuron(config, grid, row.activation);
    return std::make_shared<const Network>(grid, neuron, make_regression(config, grid, neuron),
                                           config.positive("energy.strength"));
  });
}

}  // namespace wpg
