#pragma once
#include <optional>
#include <set>

#include "case_plan.hpp"
#include "compare_cases.hpp"

namespace wpg {

/// Whether W2 has to be measured by the Sinkhorn divergence. Moments do only where all densities stay Gaussian; it
/// serves everywhere, at a price.
bool needs_sinkhorn(const Cases& cases, const Comparison& comparison);

/// What all runs of a comparison measure.
class Measured {
 public:
  void add(const CasePlan& plan);
  /// What w2_squared is, if all runs measure it in one way; else empty.
  std::string w2() const;
  /// Series to compare: kl and w2_squared, or the energy where there is no target; then the distance to a reference and
  /// the observables that all have.
  std::vector<std::string> quantities() const;

 private:
  std::set<std::string> w2_;
  std::optional<std::vector<std::string>> shared_;
};

}  // namespace wpg
