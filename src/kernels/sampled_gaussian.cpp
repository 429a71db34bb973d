#include "wpg/kernels/sampled_gaussian.hpp"

#include <cmath>
#include <sstream>

#include "wpg/error.hpp"

namespace wpg {
namespace {

/// Where the sum over cells and its Poisson dual converge equally fast.
constexpr double self_dual = 0.5 / M_PI;

/// Sum over all k of exp(-k^2 / (2 variance)) cos(k angle), for |angle| <= pi.
double theta(double variance, double angle) {
  // At the self-dual variance the terms left out are below exp(-pi (6 - 1/2)^2), in either form.
  constexpr int reach = 6;
  double sum = 0.0;
  if (variance < self_dual) {
    for (int k = reach; k > 0; --k) sum += 2.0 * std::exp(-0.5 * k * k / variance) * std::cos(k * angle);
    return sum + 1.0;
  }
  for (int j = -reach; j <= reach; ++j) {
    const double shifted = angle - 2.0 * M_PI * j;
    sum += std::exp(-0.5 * variance * shifted * shifted);
  }
  return std::sqrt(2.0 * M_PI * variance) * sum;
}

}  // namespace

double checked_variance(const std::string& name, double variance) {
  if (variance > 0.0 && std::isfinite(variance)) return variance;
  throw InvalidValue(name, (std::ostringstream() << variance).str(), "finite and > 0");
}

double gaussian_normalization(double variance) { return theta(variance, 0.0); }

std::vector<double> gaussian_weights(double variance, double cut, Index longest) {
  const double reach = std::floor(std::sqrt(-2.0 * variance * std::log(cut)));
  const Index last = reach < static_cast<double>(longest) ? static_cast<Index>(reach) : longest;
  const double scale = 1.0 / gaussian_normalization(variance);
  std::vector<double> weights;
  weights.reserve(static_cast<std::size_t>(last) + 1);
  for (Index k = 0; k <= last; ++k) {
    const auto distance = static_cast<double>(k);
    weights.push_back(scale * std::exp(-0.5 * distance * distance / variance));
  }
  return weights;
}

std::vector<double> gaussian_symbol(double variance, Index period) {
  const double scale = 1.0 / gaussian_normalization(variance);
  std::vector<double> symbol;
  symbol.reserve(static_cast<std::size_t>(period / 2) + 1);
  for (Index m = 0; m <= period / 2; ++m) {
    const double angle = 2.0 * M_PI * static_cast<double>(m) / static_cast<double>(period);
    symbol.push_back(scale * theta(variance, angle));
  }
  return symbol;
}

}  // namespace wpg
