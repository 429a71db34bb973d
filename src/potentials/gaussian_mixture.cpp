#include "wpg/potentials/gaussian_mixture.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "admissible.hpp"
#include "small_matrix.hpp"
#include "wpg/error.hpp"

namespace wpg {

GaussianMixture::GaussianMixture(const std::vector<double>& weights, const std::vector<Gaussian>& components) {
  if (weights.empty() || weights.size() != components.size()) {
    throw InvalidValue("weights", std::to_string(weights.size()) + " numbers",
                       "one positive number per component, of which there are " + std::to_string(components.size()));
  }
  double total = 0.0;
  for (const double weight : weights) {
    require_positive("weights", weight);
    total += weight;
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto& [mean, covariance] = components[i];
    require_positive_definite("covariances", covariance);
    const Tensor scaled = 2.0 * std::numbers::pi * covariance;
    components_.push_back(
        {std::log(weights[i] / total) - 0.5 * std::log(determinant(scaled)), mean, inverse(covariance)});
  }
}

double GaussianMixture::Component::exponent(const Point& x) const {
  const Point d = x - mean;
  return log_factor - 0.5 * d.dot(precision.lazyProduct(d));
}

double GaussianMixture::value(const Point& x) const {
  double largest = -std::numeric_limits<double>::infinity();
  for (const Component& c : components_) largest = std::max(largest, c.exponent(x));
  double sum = 0.0;
  for (const Component& c : components_) sum += std::exp(c.exponent(x) - largest);
  return -largest - std::log(sum);
}

template <class Visit>
void GaussianMixture::weigh(const Point& x, Visit&& visit) const {
  const double V = value(x);
  for (const Component& c : components_) visit(c, std::exp(c.exponent(x) + V));
}

Point GaussianMixture::gradient(const Point& x) const {
  Point g = Point::Zero(x.size());
  weigh(x, [&](const Component& c, double weight) { g += weight * c.precision.lazyProduct(x - c.mean); });
  return g;
}

Tensor GaussianMixture::hessian(const Point& x) const {
  // The mean of the precisions less the covariance of the components' gradients, about their mean: no cancellation.
  const Point g = gradient(x);
  Tensor h = Tensor::Zero(x.size(), x.size());
  weigh(x, [&](const Component& c, double weight) {
    const Point d = c.precision.lazyProduct(x - c.mean) - g;
    h += weight * (c.precision - d.lazyProduct(d.transpose()));
  });
  return h;
}

}  // namespace wpg
