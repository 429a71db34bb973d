#pragma once
#include <functional>
#include <span>
#include <vector>

#include "wpg/energy.hpp"

namespace wpg {

/// What an axis of the grid stands for in a neuron.
enum class Parameter { output, weight, bias };

/// One hidden unit, phi(z, x) = a act(w.x + b), as a function of its parameters z and of an input x. Every axis of z is
/// an output weight a, a weight w_i (the i-th such axis belongs to the i-th input) or a bias b; what has no axis is
/// a = 1, w = 1 (of a single input), b = 0.
class Neuron {
 public:
  /// Throws InvalidValue("parameters", ...) unless there are 1 to 3 axes with at most one output and one bias.
  Neuron(std::function<double(double)> activation, std::vector<Parameter> axes);

  double operator()(const Point& z, std::span<const double> x) const;
  /// Numbers that an input consists of.
  Index inputs() const { return inputs_; }
  int dimension() const { return static_cast<int>(axes_.size()); }

 private:
  std::function<double(double)> activation_;
  std::vector<Parameter> axes_;
  Index inputs_ = 1;
};

/// What a network is fitted to: y at the points x, one a column, each with its share of the expectation E_x.
struct Regression {
  Eigen::MatrixXd x;  ///< inputs x points
  Values y;
  Values weight;  ///< positive; scaled to sum one
};

/// f(x_p) = sum_i weight_i phi(z_i, x_p) for a measure of atoms z_i.
Values network_output(const Neuron& neuron, const std::vector<Point>& atoms, const std::vector<double>& weights,
                      const Eigen::MatrixXd& x);

/// The least-squares loss of the infinitely wide network f_mu(x) = integral of phi(z, x) dmu(z),
///     L(mu) = strength/2 E_x |f_mu(x) - y(x)|^2,
/// with the first variation strength E_x[(f_mu(x) - y(x)) phi(z, x)]. Where y = f_pi this is half the squared maximum
/// mean discrepancy to pi with the kernel k(z, z') = strength E_x[phi(z, x) phi(z', x)] (Arbel, Korba, Salim, Gretton
/// 2019). k is never formed: it is applied through the values of phi at all cells and points, N x P numbers.
class Network final : public Energy {
 public:
  /// Throws InvalidValue("parameters", ...) where the neuron's parameters are not the grid's axes, ("data", ...) where
  /// points are missing, of the wrong size or not finite, ("strength", ...) unless it is positive, ("boundary", ...)
  /// where phi differs between the two ends of a periodic axis.
  Network(const Grid& grid, const Neuron& neuron, Regression data, double strength = 1.0);

  std::string_view name() const override { return "network_loss"; }
  double value(const Field& rho) const override;
  void add_first_variation(const Field& rho, Values& sum) const override;
  /// The trace of the tangent kernel, strength E_x[integral of |grad_z phi|^2 drho].
  double response_rate(const Field& rho) const override;
  std::size_t memory() const override;

  /// f_rho at the data's points.
  Values fit(const Field& rho) const;
  const Regression& data() const { return data_; }

 private:
  void sample_features(const Grid& grid, const Neuron& neuron);
  void measure_slopes(const Grid& grid);

  Regression data_;
  double strength_;
  Eigen::ArrayXXd features_;  ///< phi, cells x points
  Field slopes_;              ///< strength E_x |grad_z phi|^2
};

}  // namespace wpg
