#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wpg/field.hpp"
#include "wpg/jko.hpp"
#include "wpg/transport.hpp"

namespace wpg {

/// What the stages of one step did; parts that a scheme does not have stay empty.
struct StepReport {
  TransportReport transport;
  JkoReport jko;
};

/// One operator of a splitting: a pushforward, a proximal step, a heat flow. It advances densities and nothing
/// else: it neither prints, writes, times nor reads a case file.
class Stage {
 public:
  virtual ~Stage() = default;

  virtual std::string_view name() const = 0;
  /// Advances `rho` in place and fills its own part of `report`.
  virtual void apply(Field& rho, StepReport& report) = 0;
  /// Bytes of working memory beyond the density itself.
  virtual std::size_t memory() const { return 0; }
};

/// A discretization in time of a Wasserstein gradient flow, for one problem and step size: its stages, in the order
/// in which a step applies them.
struct Scheme {
  std::string name;
  double time_step = 0.0;  ///< physical time of one step
  std::vector<std::unique_ptr<Stage>> stages;

  StepReport step(Field& rho) {
    StepReport report;
    for (auto& stage : stages) stage->apply(rho, report);
    return report;
  }
};

/// Whether one of the stages of a scheme has that name.
bool has_stage(const Scheme& scheme, std::string_view name);

}  // namespace wpg
