#include "wpg/particles.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// grad V at every particle, one row each.
Particles gradients(const Particles& x, const Potential& potential) {
  Particles result(x.rows(), x.cols());
  parallel_for(x.rows(), [&](Index i) { result.row(i) = potential.gradient(Point(x.row(i).transpose())).transpose(); });
  return result;
}

}  // namespace

double NormalNumbers::uniform() { return (static_cast<double>(bits_() >> 11U) + 0.5) * 0x1p-53; }

double NormalNumbers::operator()() {
  has_spare_ = !has_spare_;
  if (!has_spare_) return spare_;
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

Particles draw_particles(const Field& rho, Index count, NormalNumbers& random) {
  if (count < 1) throw InvalidValue("count", std::to_string(count), "at least 1");
  std::vector<double> below(static_cast<std::size_t>(rho.values.size()));
  double total = 0.0;
  for (Index cell = 0; cell < rho.values.size(); ++cell) {
    total += rho.values[cell];
    below[static_cast<std::size_t>(cell)] = total;
  }
  Particles x(count, rho.grid.dimension());
  for (Index i = 0; i < count; ++i) {
    // The first cell with more than this below its end; never an empty one.
    const auto found = std::upper_bound(below.begin(), below.end() - 1, random.uniform() * total);
    x.row(i) = rho.grid.center(found - below.begin()).transpose();
    for (int k = 0; k < rho.grid.dimension(); ++k) x(i, k) += (random.uniform() - 0.5) * rho.grid.axis(k).spacing();
  }
  return x;
}

void langevin_step(Particles& x, const Potential* potential, double gamma, NormalNumbers& random) {
  require_positive("gamma", gamma);
  if (potential != nullptr) {
    parallel_for(x.rows(),
                 [&](Index i) { x.row(i) -= gamma * potential->gradient(Point(x.row(i).transpose())).transpose(); });
  }
  const double deviation = std::sqrt(2.0 * gamma);
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index k = 0; k < x.cols(); ++k) x(i, k) += deviation * random();
  }
}

void stein_step(Particles& x, const Potential& potential, const RadialKernel& kernel, double gamma) {
  require_positive("gamma", gamma);
  const Particles drift = gradients(x, potential);
  const Particles before = x;
  const double weight = gamma / static_cast<double>(x.rows());
  parallel_for(x.rows(), [&](Index i) {
    for (Index j = 0; j < x.rows(); ++j) {
      const auto apart = before.row(j) - before.row(i);
      const double s = apart.squaredNorm();
      x.row(i) += weight * (2.0 * kernel.slope(s) * apart - kernel.value(s) * drift.row(j));
    }
  });
}

}  // namespace wpg
