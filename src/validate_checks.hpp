#pragma once
#include "validate_record.hpp"

namespace wpg {

/// Sums over a grid and differences of energies round to about this, relative to their size.
inline constexpr double validation_rounding = 1e-12;

/// Two runs of a case, and the factor that turns their difference into an estimate of the first one's error: errors
/// fall at least in proportion to h.
struct Pair {
  Recording run, other;
  double factor = 1.0;
};

/// Estimate of the error of a scalar series, step by step.
Eigen::VectorXd difference(const Pair& pair, const std::string& series);

/// Mean, covariance and W2^2 against the closed form.
void add_closed_form(Validation& result, const Pair& pair);
/// The theory's inequalities that apply; the others with the reason.
void add_theory(Validation& result, const Pair& pair, const Config& config);
/// What needs no estimate of an error: mass, that inside the box, and the certificates of JKO steps and W2.
void add_certificates(Validation& result, const Pair& pair, double tolerance);
/// The distinct marginals of a product.
void add_marginals(Validation& result, const Marginals& parts);
/// The distances to the Fokker-Planck reference, where the case has one.
void add_reference_distances(Validation& result, const Recording& run);

}  // namespace wpg
