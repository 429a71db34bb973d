#include <cmath>
#include <numbers>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/exact.hpp"

namespace wpg::exact {
namespace {

using Step = GaussianRecursion::Step;
using Map = std::function<Normal(const Normal&)>;

double entropy_weight(const Step& step) { return step.compensate ? step.gamma - 0.5 * step.epsilon : step.gamma; }

/// One step of a scheme; empty for a name that has no closed form.
Map map_of(const std::string& scheme, const Quadratic& V, const Step& s) {
  if (scheme == "forward-backward" && s.epsilon == 0.0) {
    return [=](const Normal& law) { return forward_backward(law, V, s.gamma); };
  }
  if (scheme == "forward-backward") {
    return [=](const Normal& law) { return entropic_forward_backward(law, V, s.gamma, s.epsilon, s.compensate); };
  }
  if (scheme == "backward") {
    return [=](const Normal& law) { return entropic_backward(law, V, s.gamma, entropy_weight(s), s.epsilon); };
  }
  if (scheme == "forward") return [=](const Normal& law) { return forward(law, V, s.gamma); };
  if (scheme == "forward-flow") return [=](const Normal& law) { return forward_flow(law, V, s.gamma); };
  if (scheme == "strang") return [=](const Normal& law) { return strang(law, V, s.gamma); };
  if (scheme == "fokker-planck") return [=](const Normal& law) { return ornstein_uhlenbeck(law, V, s.gamma); };
  return {};
}

struct Profile {
  double alpha, k, constant;
};

Profile profile(double t, int dimension, double exponent) {
  require_positive("t", t);
  if (!(exponent > 1.0) || !std::isfinite(exponent)) {
    throw InvalidValue("exponent", written(exponent), "a finite number above 1");
  }
  if (dimension < 1) throw InvalidValue("dimension", std::to_string(dimension), "at least 1");
  const double d = dimension;
  const double p = 1.0 / (exponent - 1.0);
  const double alpha = d / (d * (exponent - 1.0) + 2.0);
  const double k = alpha * (exponent - 1.0) / (2.0 * exponent * d);
  // Mass one: C^(p + d/2) (pi/k)^(d/2) Gamma(p + 1)/Gamma(p + 1 + d/2) = 1.
  const double log_volume =
      0.5 * d * std::log(std::numbers::pi / k) + std::lgamma(p + 1.0) - std::lgamma(p + 1.0 + 0.5 * d);
  return {alpha, k, std::exp(-log_volume / (p + 0.5 * d))};
}

}  // namespace

double barenblatt(double radius, double t, int dimension, double exponent) {
  const Profile b = profile(t, dimension, exponent);
  const double scaled = radius * std::pow(t, -b.alpha / dimension);
  const double inside = b.constant - b.k * scaled * scaled;
  return inside > 0.0 ? std::pow(t, -b.alpha) * std::pow(inside, 1.0 / (exponent - 1.0)) : 0.0;
}

double barenblatt_radius(double t, int dimension, double exponent) {
  const Profile b = profile(t, dimension, exponent);
  return std::sqrt(b.constant / b.k) * std::pow(t, b.alpha / dimension);
}

GaussianRecursion::GaussianRecursion(const std::string& scheme, Normal initial, const Quadratic& V, const Step& step)
    : map_(map_of(scheme, V, step)), law_(std::move(initial)) {
  if (!map_) {
    throw InvalidValue("scheme", scheme, "forward-backward, backward, forward, forward-flow, strang or fokker-planck");
  }
}

bool GaussianRecursion::knows(const std::string& scheme) { return static_cast<bool>(map_of(scheme, {}, {})); }

void GaussianRecursion::advance() {
  law_ = map_(law_);
  ++step_;
}

}  // namespace wpg::exact
