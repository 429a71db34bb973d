#pragma once
#include "validate_checks.hpp"

namespace wpg {

/// More mass than this outside the box, per marginal, is no discretization error.
inline constexpr double most_beyond = 1e-5;

/// The larger of every number and its neighbours, so that an error that crosses zero is not missed.
Eigen::VectorXd spread(const Eigen::VectorXd& x);
/// What the certificates of the JKO steps so far add up to, in L1 and per marginal; zero for a scheme without.
Eigen::VectorXd certified_error(const Pair& pair);

/// Mass that the box has cut off or turned back until each step, and what the flow has not yet forgotten of it: that of
/// the closed form outside, else what the pushforwards clamped; and rounding. Mass beyond `most_beyond` is not counted.
Eigen::VectorXd cut_mass(const Recording& run);
/// What that mass can change W2^2 and energies by: it moves through the box, and V and log rho grow quadratically.
Eigen::VectorXd cut_error(const Recording& run);
/// Squared diagonal of the box.
double squared_width(const Grid& grid);

}  // namespace wpg
