#pragma once
#include <memory>

#include "wpg/scheme.hpp"

namespace wpg {

/// The backward step: rho = argmin H(rho) + W2^2(rho, nu) / (2 gamma), by any JKO solver. Fills report.jko.
class JkoStage final : public Stage {
 public:
  /// `solver_memory`: bytes of working memory of the solver.
  JkoStage(const Grid& grid, std::unique_ptr<JkoSolver> solver, std::size_t solver_memory)
      : nu_(grid), solver_(std::move(solver)), solver_memory_(solver_memory) {}

  std::string_view name() const override { return "jko"; }
  void apply(Field& rho, StepReport& report) override;
  std::size_t memory() const override {
    return solver_memory_ + static_cast<std::size_t>(nu_.values.size()) * sizeof(double);
  }

 private:
  Field nu_;
  std::unique_ptr<JkoSolver> solver_;
  std::size_t solver_memory_;
};

}  // namespace wpg
