#pragma once
#include "wpg/field.hpp"

namespace wpg {

/// A quadrature rule: its weights sum to one, so that it integrates against a probability density.
struct GaussRule {
  Values nodes;  ///< in increasing order, symmetric about 0
  Values weights;
};

/// The rules of `count` >= 1 nodes that are exact for polynomials of degree 2 count - 1, from the eigenvalues of the
/// Jacobi matrix (Golub, Welsch 1969): for the uniform density on [-1, 1], and for the standard Gaussian.
GaussRule gauss_legendre(int count);
GaussRule gauss_hermite(int count);

}  // namespace wpg
