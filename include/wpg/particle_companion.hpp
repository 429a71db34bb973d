#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "wpg/particles.hpp"
#include "wpg/problem.hpp"
#include "wpg/scheme.hpp"

namespace wpg {

/// Particles that take the steps of a scheme beside its density on the grid.
class ParticleCompanion {
 public:
  virtual ~ParticleCompanion() = default;

  /// How they move, and what a step of N of them costs, in words.
  virtual std::string description() const = 0;
  virtual std::string cost() const = 0;
  /// One point per row.
  virtual const Particles& points() const = 0;
  /// One step; `report` is that of the same step of the density.
  virtual void advance(const StepReport& report) = 0;
  /// Bytes, those of a step included.
  virtual std::size_t memory() const = 0;
};

/// Points of the problem's initial density: of the Gaussian itself where it is one and the box holds all but 1e-6 of it
/// (particles are then the same for a seed on every grid), else of the cells. Throws as draw_particles does.
Particles draw_initial(const Problem& problem, Index count, NormalNumbers& random);

/// Companion of forward-flow: unadjusted Langevin, independent samples of the scheme's law on the grid. As the heat
/// flow there, noise is mirrored at reflecting ends of the box and wrapped at periodic ones. Past free ends particles
/// leave the box and, other than the density's mass, may come back.
std::unique_ptr<ParticleCompanion> langevin_companion(const Problem& problem, double gamma, Index count,
                                                      std::uint64_t seed);

/// Companion of svgd: Stein variational gradient descent. A step that the density takes in several parts is divided
/// into the same. Particles past an end of the box have left it. Throws InvalidValue("number", ...) where an
/// axis is periodic or there is no potential.
std::unique_ptr<ParticleCompanion> stein_companion(const Problem& problem, RadialKernel kernel, double gamma,
                                                   Index count, std::uint64_t seed);

/// Companion of forward-backward between Gaussians: GaussianParticles, independent samples of the exact scheme's law
/// in the whole space. Throws InvalidValue("number", ...) unless initial density and target are Gaussians, the energy
/// is the entropy and V, and no axis is periodic.
std::unique_ptr<ParticleCompanion> proximal_companion(const Problem& problem, double gamma, Index count,
                                                      std::uint64_t seed);

}  // namespace wpg
