#include "wpg/schemes/explicit_stage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/transport/stretch.hpp"

namespace wpg {
namespace {

constexpr int most_substeps = 10000;

}  // namespace

ExplicitStage::ExplicitStage(const Grid& grid, double gamma, std::unique_ptr<Velocity> velocity, Substeps substeps,
                             std::optional<Noise> noise, double least_stretch)
    : grid_(grid),
      gamma_(gamma),
      velocity_(std::move(velocity)),
      substeps_(substeps),
      least_stretch_(least_stretch),
      noise_(std::move(noise)),
      velocity_grid_(noise_ ? noise_->wide_grid() : grid),
      components_(static_cast<std::size_t>(grid.dimension()), Values(velocity_grid_.size())),
      map_(velocity_grid_, velocity_->ends()) {
  if (!(gamma > 0.0) || !std::isfinite(gamma)) throw InvalidValue("gamma", shortest(gamma), "positive and finite");
  if (!noise_) return;
  wide_.emplace(velocity_grid_);
  part_.emplace(grid);
  sum_.emplace(grid);
}

void ExplicitStage::apply(Field& rho, StepReport& report) {
  ++step_;
  double remaining = gamma_;
  while (remaining > 0.0) {
    evaluate(rho);
    const double limit = measure_limit(report);
    // A quotient that is an integer but for rounding is one.
    const double parts = std::max(1.0, std::ceil(remaining / limit - 1e-9));
    if (parts > 1.0 && substeps_ == Substeps::refuse) {
      throw UsageError("scheme.gamma = " + shortest(gamma_) + ": must be at most " + shortest(limit, 6) +
                       ", the limit of an explicit step from this density, or scheme.substeps = auto");
    }
    if (!(parts + report.transport.substeps <= most_substeps)) {
      throw ConvergenceError("the explicit step needs more than " + std::to_string(most_substeps) +
                             " parts: its limit fell to " + shortest(limit, 3));
    }
    const double step = parts > 1.0 ? remaining / parts : remaining;
    push(rho, step, report);
    remaining = parts > 1.0 ? remaining - step : 0.0;
  }
}

void ExplicitStage::evaluate(const Field& rho) {
  if (noise_) noise_->embed(rho, *wide_);
  velocity_->evaluate(noise_ ? *wide_ : rho, components_);
  map_.set(components_);
}

double ExplicitStage::measure_limit(StepReport& report) {
  map_.set_step(1.0);
  const double compression = std::max(0.0, 1.0 - transport::smallest_stretch(velocity_grid_, map_));
  if (!std::isfinite(compression)) throw UsageError("explicit step: the velocity is not finite on the grid");
  report.transport.compression = std::max(report.transport.compression, compression);
  const double rate = std::max(velocity_->stiffness(), compression / (1.0 - least_stretch_));
  return rate > 0.0 ? 1.0 / rate : std::numeric_limits<double>::infinity();
}

void ExplicitStage::push(Field& rho, double step, StepReport& report) {
  map_.set_step(step);
  ++report.transport.substeps;
  report.transport.parts.push_back(step);
  if (noise_) return push_noisy(rho, report);
  const TransportReport moved = Pushforward(grid_, map_).apply(rho, rho);
  report.transport.clamped_mass += moved.clamped_mass;
  report.transport.limited_mass += moved.limited_mass;
}

void ExplicitStage::push_noisy(Field& rho, StepReport& report) {
  const double beta = noise_->strength(step_);
  Values& sum = sum_->values;
  sum.setZero();
  for (const NoiseNode& node : noise_->nodes()) {
    const TransportReport moved = Pushforward(grid_, ShiftedMap(grid_, map_, beta * node.offset)).apply(rho, *part_);
    report.transport.clamped_mass += node.weight * moved.clamped_mass;
    report.transport.limited_mass += node.weight * moved.limited_mass;
    parallel_blocks(rho.values.size(), [&](Index begin, Index end) {
      sum.segment(begin, end - begin) += node.weight * part_->values.segment(begin, end - begin);
    });
  }
  rho.values.swap(sum);
}

std::size_t ExplicitStage::memory() const {
  const std::size_t field = static_cast<std::size_t>(grid_.size()) * sizeof(double);
  const std::size_t wide = static_cast<std::size_t>(velocity_grid_.size()) * sizeof(double);
  const std::size_t pushforward = components_.size() * field;
  return velocity_->memory() + map_.memory() + components_.size() * wide + pushforward +
         (noise_ ? wide + 2 * field : 0);
}

}  // namespace wpg
