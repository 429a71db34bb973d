#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "wpg/scheme.hpp"
#include "wpg/schemes/noise.hpp"
#include "wpg/transport/spline_map.hpp"
#include "wpg/velocity.hpp"

namespace wpg {

/// What an explicit stage does with a step beyond its limit: divide it, or refuse.
enum class Substeps { automatic, refuse };

/// The explicit step rho <- (I + gamma v[rho])_# rho of a velocity that depends on the density, by the conservative
/// pushforward of transport.hpp, planned anew for every map. Its limit is the smaller of
///   - 1 - `least_stretch` over the rate at which v compresses, measured on the grid (largest eigenvalue of minus the
///     symmetric part of Dv), so that no eigenvalue of the map's falls below `least_stretch`, and
///   - the inverse of the velocity's stiffness, beyond which rounding grows.
/// A longer step is divided into equal ones, with the velocity evaluated anew for each, or refused. Both the count and
/// the rate go to report.transport.
///
/// With noise the step is the mixture of pushforwards that Noise describes. The parts of a divided step then draw their
/// noise each anew: they are steps of the scheme with a smaller gamma.
class ExplicitStage final : public Stage {
 public:
  /// `velocity` lives on the grid, or on noise->wide_grid() with noise. Throws InvalidValue("gamma", ...) unless it is
  /// positive and finite.
  ExplicitStage(const Grid& grid, double gamma, std::unique_ptr<Velocity> velocity,
                Substeps substeps = Substeps::automatic, std::optional<Noise> noise = std::nullopt,
                double least_stretch = 0.5);

  std::string_view name() const override { return "explicit"; }
  /// Throws UsageError where a step is refused, ConvergenceError where more than 10000 parts would be needed.
  void apply(Field& rho, StepReport& report) override;
  /// Bytes, those of the preimages of one step included.
  std::size_t memory() const override;

 private:
  /// Plans the velocity at rho.
  void evaluate(const Field& rho);
  /// The longest admissible step for the velocity at hand.
  double measure_limit(StepReport& report);
  void push(Field& rho, double step, StepReport& report);
  void push_noisy(Field& rho, StepReport& report);

  Grid grid_;
  double gamma_;
  std::unique_ptr<Velocity> velocity_;
  Substeps substeps_;
  double least_stretch_;
  std::optional<Noise> noise_;
  Grid velocity_grid_;
  std::vector<Values> components_;
  transport::SplineMap map_;
  /// With noise: the density on the wide grid, one pushforward of it and their sum.
  std::optional<Field> wide_, part_, sum_;
  Index step_ = 0;  ///< number of the current step, from 1
};

}  // namespace wpg
