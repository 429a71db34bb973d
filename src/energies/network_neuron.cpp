#include <algorithm>

#include "wpg/energies/network.hpp"
#include "wpg/error.hpp"

namespace wpg {

Neuron::Neuron(std::function<double(double)> activation, std::vector<Parameter> axes)
    : activation_(std::move(activation)), axes_(std::move(axes)) {
  const auto count = [&](Parameter what) { return std::count(axes_.begin(), axes_.end(), what); };
  if (axes_.empty() || axes_.size() > 3 || count(Parameter::output) > 1 || count(Parameter::bias) > 1) {
    throw InvalidValue("parameters", std::to_string(axes_.size()) + " words",
                       "1 to 3 of output, weight and bias, with at most one output and one bias");
  }
  inputs_ = std::max<Index>(1, count(Parameter::weight));
}

double Neuron::operator()(const Point& z, std::span<const double> x) const {
  double output = 1.0, bias = 0.0, sum = 0.0;
  std::size_t weights = 0;
  for (Index k = 0; k < z.size(); ++k) {
    switch (axes_[static_cast<std::size_t>(k)]) {
      case Parameter::output:
        output = z[k];
        break;
      case Parameter::bias:
        bias = z[k];
        break;
      case Parameter::weight:
        sum += z[k] * x[weights++];
        break;
    }
  }
  return output * activation_((weights == 0 ? x[0] : sum) + bias);
}

Values network_output(const Neuron& neuron, const std::vector<Point>& atoms, const std::vector<double>& weights,
                      const Eigen::MatrixXd& x) {
  const auto inputs = static_cast<std::size_t>(x.rows());
  Values f = Values::Zero(x.cols());
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (Index p = 0; p < x.cols(); ++p) f[p] += weights[i] * neuron(atoms[i], {x.col(p).data(), inputs});
  }
  return f;
}

}  // namespace wpg
