#include <algorithm>
#include <cmath>

#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/particle_companion.hpp"

namespace wpg {
namespace {

std::size_t bytes(const Particles& points) { return static_cast<std::size_t>(points.size()) * sizeof(double); }

bool has_periodic_axis(const Grid& grid) {
  return std::any_of(grid.axes().begin(), grid.axes().end(),
                     [](const Axis& axis) { return axis.boundary == Boundary::periodic; });
}

/// x - lower modulo the period, in [0, period).
double wrapped(double x, double period) {
  const double rest = std::fmod(x, period);
  return rest < 0.0 ? rest + period : rest;
}

/// The point of the box that a point of the line stands for.
double folded(double x, const Axis& axis) {
  if (axis.boundary == Boundary::free || (x >= axis.lower && x <= axis.upper)) return x;
  const double length = axis.upper - axis.lower;
  const bool periodic = axis.boundary == Boundary::periodic;
  const double place = wrapped(x - axis.lower, periodic ? length : 2.0 * length);
  const double folded_back = axis.lower + (place > length ? 2.0 * length - place : place);
  return std::clamp(folded_back, axis.lower, axis.upper);
}

class Langevin final : public ParticleCompanion {
 public:
  Langevin(const Problem& problem, double gamma, Index count, std::uint64_t seed)
      : grid_(problem.grid),
        potential_(problem.potential),
        gamma_(gamma),
        random_(seed),
        points_(draw_initial(problem, count, random_)) {}

  std::string description() const override { return "unadjusted Langevin"; }
  std::string cost() const override { return "N gradients"; }
  const Particles& points() const override { return points_; }
  void advance(const StepReport&) override {
    langevin_step(points_, potential_.get(), gamma_, random_);
    for (Index k = 0; k < points_.cols(); ++k) {
      const Axis& axis = grid_.axis(static_cast<int>(k));
      parallel_blocks(points_.rows(), [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) points_(i, k) = folded(points_(i, k), axis);
      });
    }
  }
  std::size_t memory() const override { return bytes(points_); }

 private:
  Grid grid_;
  std::shared_ptr<const Potential> potential_;
  double gamma_;
  NormalNumbers random_;
  Particles points_;
};

class Stein final : public ParticleCompanion {
 public:
  Stein(const Problem& problem, RadialKernel kernel, double gamma, Index count, std::uint64_t seed)
      : potential_(problem.potential), kernel_(std::move(kernel)), gamma_(gamma) {
    NormalNumbers random(seed);
    points_ = draw_initial(problem, count, random);
  }

  std::string description() const override { return "Stein variational gradient descent"; }
  std::string cost() const override { return "N^2 kernel evaluations for each part of it"; }
  const Particles& points() const override { return points_; }
  void advance(const StepReport& report) override {
    if (report.transport.parts.empty()) stein_step(points_, *potential_, kernel_, gamma_);
    for (const double part : report.transport.parts) stein_step(points_, *potential_, kernel_, part);
  }
  /// With the gradients and the points before a step.
  std::size_t memory() const override { return 3 * bytes(points_); }

 private:
  std::shared_ptr<const Potential> potential_;
  RadialKernel kernel_;
  double gamma_;
  Particles points_;
};

class Proximal final : public ParticleCompanion {
 public:
  explicit Proximal(GaussianParticles particles) : particles_(std::move(particles)) {}

  std::string description() const override { return "the exact step in closed form"; }
  std::string cost() const override { return "N affine maps"; }
  const Particles& points() const override { return particles_.points(); }
  void advance(const StepReport&) override { particles_.advance(); }
  std::size_t memory() const override { return bytes(particles_.points()); }

 private:
  GaussianParticles particles_;
};

}  // namespace

Particles draw_initial(const Problem& problem, Index count, NormalNumbers& random) {
  const bool whole =
      problem.gaussian_initial && !has_periodic_axis(problem.grid) && std::abs(problem.initial_factor - 1.0) < 1e-6;
  if (!whole) return draw_particles(problem.initial, count, random);
  return draw_particles(exact::normal(*problem.gaussian_initial), count, random);
}

std::unique_ptr<ParticleCompanion> langevin_companion(const Problem& problem, double gamma, Index count,
                                                      std::uint64_t seed) {
  return std::make_unique<Langevin>(problem, gamma, count, seed);
}

std::unique_ptr<ParticleCompanion> stein_companion(const Problem& problem, RadialKernel kernel, double gamma,
                                                   Index count, std::uint64_t seed) {
  if (!problem.potential || has_periodic_axis(problem.grid)) {
    throw InvalidValue("number", std::to_string(count), "0 for svgd on a periodic axis or without a potential");
  }
  return std::make_unique<Stein>(problem, std::move(kernel), gamma, count, seed);
}

std::unique_ptr<ParticleCompanion> proximal_companion(const Problem& problem, double gamma, Index count,
                                                      std::uint64_t seed) {
  const bool gaussian = problem.gaussian_initial && problem.gaussian_target && problem.energies.empty();
  if (!gaussian || has_periodic_axis(problem.grid)) {
    throw InvalidValue("number", std::to_string(count),
                       "0 for forward-backward unless initial.type = gaussian, potential.type = quadratic, there is "
                       "no other energy and no axis is periodic");
  }
  NormalNumbers random(seed);
  return std::make_unique<Proximal>(GaussianParticles(exact::normal(*problem.gaussian_initial),
                                                      exact::potential_of(exact::normal(*problem.gaussian_target)),
                                                      gamma, count, random));
}

}  // namespace wpg
