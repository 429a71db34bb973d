#pragma once
#include <memory>
#include <vector>

#include "wpg/scheme.hpp"
#include "wpg/transport/spline_map.hpp"
#include "wpg/velocity.hpp"

namespace wpg {

/// What an explicit stage does with a step beyond its limit: divide it, or refuse.
enum class Substeps { automatic, refuse };

/// The explicit step rho <- (I + gamma v[rho])_# rho of a velocity that depends on the density, by the conservative
/// pushforward of transport.hpp, planned anew for every map. Its limit is the smaller of
///   - half the inverse of the rate at which v compresses, measured on the grid (largest eigenvalue of minus the
///     symmetric part of Dv), so that no eigenvalue of the map's falls below 1/2, and
///   - the inverse of the velocity's stiffness, beyond which rounding grows.
/// A longer step is divided into equal ones, with the velocity evaluated anew for each, or refused. Both the count and
/// the rate go to report.transport.
class ExplicitStage final : public Stage {
 public:
  /// Throws InvalidValue("gamma", ...) unless it is positive and finite.
  ExplicitStage(const Grid& grid, double gamma, std::unique_ptr<Velocity> velocity,
                Substeps substeps = Substeps::automatic);

  std::string_view name() const override { return "explicit"; }
  /// Throws UsageError where a step is refused, ConvergenceError where more than 10000 parts would be needed.
  void apply(Field& rho, StepReport& report) override;
  /// Bytes, those of the preimages of one step included.
  std::size_t memory() const override;

 private:
  /// The longest admissible step for the velocity at hand.
  double measure_limit(StepReport& report);
  void push(Field& rho, double step, StepReport& report);

  Grid grid_;
  double gamma_;
  std::unique_ptr<Velocity> velocity_;
  Substeps substeps_;
  std::vector<Values> components_;
  transport::SplineMap map_;
};

}  // namespace wpg
