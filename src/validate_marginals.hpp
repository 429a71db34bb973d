#pragma once
#include "validate_record.hpp"

namespace wpg {

/// What sets a marginal apart from the case, and how often it occurs.
struct Marginal {
  Overrides overrides;  ///< in the order of the columns
  Index copies = 0;
};

/// Adds up what is additive over the factors of a product: energies, divergences, squared distances, bounds.
void add_series(Recording& product, const std::vector<Recording>& parts, const std::vector<Marginal>& marginals);
/// What sets the marginals apart, and their own distances to their targets.
Marginals marginals_of(const std::vector<Recording>& parts, const std::vector<Marginal>& marginals);

}  // namespace wpg
