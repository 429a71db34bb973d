#include "wpg/schemes/explicit_stage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/transport/stretch.hpp"

namespace wpg {
namespace {

constexpr double least_stretch = 0.5;
constexpr int most_substeps = 10000;

}  // namespace

ExplicitStage::ExplicitStage(const Grid& grid, double gamma, std::unique_ptr<Velocity> velocity, Substeps substeps)
    : grid_(grid),
      gamma_(gamma),
      velocity_(std::move(velocity)),
      substeps_(substeps),
      components_(static_cast<std::size_t>(grid.dimension()), Values(grid.size())),
      map_(grid, velocity_->ends()) {
  if (!(gamma > 0.0) || !std::isfinite(gamma)) throw InvalidValue("gamma", shortest(gamma), "positive and finite");
}

void ExplicitStage::apply(Field& rho, StepReport& report) {
  double remaining = gamma_;
  while (remaining > 0.0) {
    velocity_->evaluate(rho, components_);
    map_.set(components_);
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

double ExplicitStage::measure_limit(StepReport& report) {
  map_.set_step(1.0);
  const double compression = std::max(0.0, 1.0 - transport::smallest_stretch(grid_, map_));
  if (!std::isfinite(compression)) throw UsageError("explicit step: the velocity is not finite on the grid");
  report.transport.compression = std::max(report.transport.compression, compression);
  const double rate = std::max(velocity_->stiffness(), compression / (1.0 - least_stretch));
  return rate > 0.0 ? 1.0 / rate : std::numeric_limits<double>::infinity();
}

void ExplicitStage::push(Field& rho, double step, StepReport& report) {
  map_.set_step(step);
  const TransportReport moved = Pushforward(grid_, map_).apply(rho, rho);
  report.transport.clamped_mass += moved.clamped_mass;
  report.transport.limited_mass += moved.limited_mass;
  ++report.transport.substeps;
  report.transport.parts.push_back(step);
}

std::size_t ExplicitStage::memory() const {
  const std::size_t field = static_cast<std::size_t>(grid_.size()) * sizeof(double);
  return velocity_->memory() + map_.memory() + 2 * components_.size() * field;
}

}  // namespace wpg
