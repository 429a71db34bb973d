#include "wpg/schemes/descent_velocity.hpp"

#include "wpg/difference.hpp"

namespace wpg {

DescentVelocity::DescentVelocity(const Grid& grid, std::vector<std::shared_ptr<const Energy>> energies, bool own)
    : energies_(std::move(energies)), grid_(grid), variation_(grid.size()), own_(own) {
  for (const auto& energy : energies_) diffusion_rate_ += energy->stiffness(grid_);
}

void DescentVelocity::evaluate(const Field& rho, std::vector<Values>& components) {
  variation_.setZero();
  response_rate_ = 0.0;
  for (const auto& energy : energies_) {
    energy->add_first_variation(rho, variation_);
    response_rate_ += energy->response_rate(rho);
  }
  for (int k = 0; k < grid_.dimension(); ++k) {
    difference(grid_, k, ends(), variation_, -1.0, components[static_cast<std::size_t>(k)]);
  }
}

std::size_t DescentVelocity::memory() const {
  std::size_t bytes = static_cast<std::size_t>(variation_.size()) * sizeof(double);
  if (!own_) return bytes;
  for (const auto& energy : energies_) bytes += energy->memory();
  return bytes;
}

}  // namespace wpg
