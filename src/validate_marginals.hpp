#pragma once
#include "validate_record.hpp"

namespace wpg {

/// What sets a marginal apart from the case, and how often it occurs.
struct Marginal {
  Overrides overrides;  ///< in the order of the columns
  Index copies = 0;
};

/// Marginals of a product that share a grid are advanced together: a batch fills the lanes of the JKO step's kernel.
inline constexpr std::size_t batch_size = 8;

/// Positions of marginals that are advanced together.
using Batch = std::vector<std::size_t>;
/// Batches of marginals on the same grid, neighbours in their potentials: alike ones take the same number of
/// iterations, and a batch takes as many as the worst of its marginals.
std::vector<Batch> batches_of(const std::vector<Marginal>& all);

/// Adds up what is additive over the factors of a product: energies, divergences, squared distances, bounds.
void add_series(Recording& product, const std::vector<Recording>& parts, const std::vector<Marginal>& marginals);
/// What sets the marginals apart, and their own distances to their targets.
Marginals marginals_of(const std::vector<Recording>& parts, const std::vector<Marginal>& marginals);

}  // namespace wpg
