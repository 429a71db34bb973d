#include "wpg/schemes/descent_velocity.hpp"

#include "wpg/difference.hpp"

namespace wpg {

DescentVelocity::DescentVelocity(const Grid& grid, std::vector<std::shared_ptr<const Energy>> energies)
    : energies_(std::move(energies)), grid_(grid), variation_(grid.size()) {}

void DescentVelocity::evaluate(const Field& rho, std::vector<Values>& components) {
  variation_.setZero();
  for (const auto& energy : energies_) energy->add_first_variation(rho, variation_);
  for (int k = 0; k < grid_.dimension(); ++k) {
    difference(grid_, k, ends(), variation_, -1.0, components[static_cast<std::size_t>(k)]);
  }
}

double DescentVelocity::stiffness() const {
  double rate = 0.0;
  for (const auto& energy : energies_) rate += energy->stiffness(grid_);
  return rate;
}

}  // namespace wpg
