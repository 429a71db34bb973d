#pragma once
#include "wpg/scheme.hpp"

namespace wpg {

/// The forward step of the proximal gradient scheme: nu = (I - gamma grad V)_# rho, or the pushforward by any other
/// gradient map planned in `pushforward`. Adds to report.transport.
class PushforwardStage final : public Stage {
 public:
  explicit PushforwardStage(Pushforward pushforward) : pushforward_(std::move(pushforward)) {}
  /// Throws as Pushforward's constructor does.
  PushforwardStage(const Grid& grid, const Potential& potential, double gamma) : pushforward_(grid, potential, gamma) {}

  std::string_view name() const override { return "pushforward"; }
  void apply(Field& rho, StepReport& report) override;
  std::size_t memory() const override { return pushforward_.memory(); }

 private:
  Pushforward pushforward_;
};

}  // namespace wpg
