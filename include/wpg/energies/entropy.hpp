#pragma once
#include "wpg/energy.hpp"

namespace wpg {

/// H(rho) = integral of rho log rho; its first variation is log rho, which a density with zeros does not have.
class Entropy final : public Energy {
 public:
  std::string_view name() const override { return "entropy"; }
  double value(const Field& rho) const override;
  void add_first_variation(const Field& rho, Values& sum) const override;
  double stiffness(const Grid& grid) const override;
};

}  // namespace wpg
