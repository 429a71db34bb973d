#pragma once
#include <memory>
#include <vector>

#include "wpg/problem.hpp"

namespace wpg {

/// The relative Fisher information of a density with respect to exp(-V), or to exp(-V-F) where there is a nonsmooth F:
/// the integral of rho |grad log(rho exp V)|^2,
/// the rate at which the Fokker-Planck flow dissipates the energy.
///
/// Written as 4 |grad w + w grad V/2|^2 with w = sqrt(rho), so that nothing is divided by rho and zeros are ordinary
/// input (where rho jumps, the integral itself is infinite and the value grows as 1/h). Differences and means are taken
/// at cell faces: sixth order inside, second next to the ends of an axis that is not periodic and to the walls of a
/// constraint, where F turns infinite; faces beyond them do not count.
class FisherInformation {
 public:
  /// V and F are sampled once, at cell centres.
  explicit FisherInformation(const Problem& problem);

  double operator()(const Field& rho) const;

 private:
  Field potential_;
};

/// The rate at which the Wasserstein gradient flow of a sum of energies dissipates it: the integral of
/// rho |grad dE/drho|^2. The entropy's part is written as in FisherInformation, with the first variation of the other
/// terms in the place of V, so that zeros are ordinary input. Owns its scratch: one call at a time.
class Dissipation {
 public:
  /// Throws InvalidValue("energies", ...) if there is none.
  Dissipation(const Grid& grid, std::vector<std::shared_ptr<const Energy>> energies);

  double operator()(const Field& rho) const;

 private:
  bool entropy_ = false;
  std::vector<std::shared_ptr<const Energy>> others_;
  mutable Field variation_;
};

}  // namespace wpg
