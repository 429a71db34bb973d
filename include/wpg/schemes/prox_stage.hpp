#pragma once
#include "wpg/nonsmooth/prox_pushforward.hpp"
#include "wpg/scheme.hpp"

namespace wpg {

/// The step where the energy holds no entropy: the pushforward by the proximal map of a nonsmooth potential, or by the
/// forward map of V and then the proximal map, at once. Adds to report.transport.
class ProxStage final : public Stage {
 public:
  /// Throws as ProxPushforward's constructor does.
  ProxStage(const Grid& grid, const Potential* V, const Nonsmooth& F, double gamma)
      : name_(V != nullptr ? "pushforward and prox" : "prox"), pushforward_(grid, V, F, gamma) {}

  std::string_view name() const override { return name_; }
  void apply(Field& rho, StepReport& report) override;
  std::size_t memory() const override { return pushforward_.memory(); }

 private:
  std::string_view name_;
  ProxPushforward pushforward_;
};

}  // namespace wpg
