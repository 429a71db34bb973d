#pragma once
#include <memory>
#include <span>
#include <vector>

#include "wpg/particle_companion.hpp"
#include "wpg/recorder.hpp"
#include "wpg/wasserstein.hpp"

namespace wpg {

/// The particles of a companion as a density: the share of them in each cell, over its volume. Its mass is the share of
/// the particles that lie in the box.
Field histogram(const Particles& points, const Grid& grid);

/// W2^2 between points of equal weight, in ascending order, and a density on a line: the integral of the squared
/// distance of the quantile functions, exact up to the reconstruction of the density. Throws InvalidValue("points",
/// ...) where there are none.
double w2_squared(const LineDistribution& law, std::span<const double> sorted);

/// W2^2 between the particles' and the density's marginals, summed over the axes: W2^2 itself in one dimension, a lower
/// bound of it in several. N independent points of the density are at a distance of order 1/N themselves (N^-1/2 where
/// an interval without mass divides it). Throws InvalidValue as LineDistribution does, for a periodic axis.
double marginal_w2_squared(const Particles& points, const Field& rho);

/// A companion in step with a run. Diagnostics and the result file share it.
class ParticleRecord {
 public:
  explicit ParticleRecord(std::unique_ptr<ParticleCompanion> companion) : companion_(std::move(companion)) {}

  const ParticleCompanion& companion() const { return *companion_; }
  /// The points after the step of a view, which is that of the last call or the next one; throws std::logic_error for
  /// another. Throws ConvergenceError where a particle is not finite.
  const Particles& at(const StepView& view);
  /// Bytes: those of the companion, and of what the diagnostics and the file make of its points.
  std::size_t memory() const;

 private:
  std::unique_ptr<ParticleCompanion> companion_;
  Index step_ = 0;
};

/// particle_mean, particle_covariance, particles_outside (the share of them outside of the box) and, where no axis is
/// periodic, particle_w2_squared (marginal_w2_squared to rho).
std::vector<Diagnostic> particle_diagnostics(const std::shared_ptr<ParticleRecord>& record, const Grid& grid);

}  // namespace wpg
