#pragma once
#include "wpg/energy.hpp"
#include "wpg/potential.hpp"

namespace wpg {

/// The integral of V rho; its first variation is V, sampled once at the cell centres.
class PotentialEnergy final : public Energy {
 public:
  /// Throws InvalidValue where V is not finite at a cell centre.
  PotentialEnergy(const Grid& grid, const Potential& potential);

  std::string_view name() const override { return "potential_energy"; }
  double value(const Field& rho) const override;
  void add_first_variation(const Field& rho, Values& sum) const override;
  std::size_t memory() const override { return static_cast<std::size_t>(V_.values.size()) * sizeof(double); }

 private:
  Field V_;
};

}  // namespace wpg
