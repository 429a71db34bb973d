#pragma once
#include "wpg/energy.hpp"
#include "wpg/nonsmooth.hpp"

namespace wpg {

/// The integral of F rho, F sampled once at the cell centres; infinite where rho has mass outside the domain of F.
class NonsmoothEnergy final : public Energy {
 public:
  NonsmoothEnergy(const Grid& grid, const Nonsmooth& F) : F_(nonsmooth_field(grid, F)) {}

  std::string_view name() const override { return "nonsmooth_energy"; }
  double value(const Field& rho) const override;
  /// F itself, where it is finite: UsageError otherwise.
  void add_first_variation(const Field& rho, Values& sum) const override;

 private:
  Field F_;
};

}  // namespace wpg
