#pragma once
#include "wpg/nonsmooth/prox_pushforward.hpp"
#include "wpg/scheme.hpp"

namespace wpg {

/// The backward step where the energy holds no entropy: the pushforward by the proximal map of a nonsmooth potential.
/// Adds to report.transport.
class ProxStage final : public Stage {
 public:
  /// Throws as ProxPushforward's constructor does.
  ProxStage(const Grid& grid, const Nonsmooth& F, double gamma) : pushforward_(grid, F, gamma) {}

  std::string_view name() const override { return "prox"; }
  void apply(Field& rho, StepReport& report) override;
  std::size_t memory() const override { return pushforward_.memory(); }

 private:
  ProxPushforward pushforward_;
};

}  // namespace wpg
