#pragma once
#include <memory>
#include <vector>

#include "wpg/energy.hpp"
#include "wpg/velocity.hpp"

namespace wpg {

/// The velocity of Wasserstein gradient descent, minus the gradient of the first variation of a sum of energies, by
/// differences of fourth order (difference.hpp). The first variation is differenced as a whole, so where it is constant
/// on the grid the velocity is zero: rho = pi for the entropy and V. With the entropy the ends of the box are walls
/// that the flow does not cross (and it never empties a cell there); without, mass may be carried against them.
class DescentVelocity final : public Velocity {
 public:
  /// `own`: whether the energies are its own, and count as its memory.
  DescentVelocity(const Grid& grid, std::vector<std::shared_ptr<const Energy>> energies, bool own = false);

  void evaluate(const Field& rho, std::vector<Values>& components) override;
  double stiffness() const override { return diffusion_rate_ + response_rate_; }
  Ends ends() const override { return diffusion_rate_ > 0.0 ? Ends::mirrored : Ends::extrapolated; }
  std::size_t memory() const override;

 private:
  std::vector<std::shared_ptr<const Energy>> energies_;
  Grid grid_;
  Values variation_;
  bool own_;
  double diffusion_rate_ = 0.0;  ///< the energies' stiffness on the grid
  double response_rate_ = 0.0;   ///< at the density of the last evaluation
};

}  // namespace wpg
