#pragma once
#include <Eigen/Core>
#include <vector>

#include "wpg/expression.hpp"
#include "wpg/field.hpp"
#include "wpg/problem.hpp"

namespace wpg {

/// Densities on a grid, as their formulas have them: what lies beyond the box is missing, so that their mass is one
/// only where the box holds everything and the grid resolves it. `normalise` makes it one and tells the factor.
/// Densities are not continued across periodic or reflecting ends.

/// Scales a density to mass one and returns the factor that did it. Throws InvalidValue("rho", ...) where it is
/// negative, not finite or without mass on the grid, naming the first cell at fault.
double normalise(Field& rho);

/// N(mean, covariance) at the cell centres. Throws InvalidValue("covariance", ...) unless symmetric positive definite.
Field gaussian_density(const Grid& grid, const Gaussian& gaussian);

/// A sum of Gaussians, the weights scaled to sum one. Throws InvalidValue as GaussianMixture does.
Field mixture_density(const Grid& grid, const std::vector<double>& weights, const std::vector<Gaussian>& components);

/// The uniform density on a box: every cell gets the fraction of it that lies inside, so that the mass is exact.
/// Throws InvalidValue("upper", ...) unless lower < upper on every axis.
Field box_density(const Grid& grid, const Point& lower, const Point& upper);

/// The uniform density on a ball (an interval, disc or ball in one, two or three dimensions). A cell that the boundary
/// crosses gets the fraction of it that lies inside: exact along x, by 32 midpoints along each other axis.
/// Throws InvalidValue("radius", ...) unless it is positive.
Field disc_density(const Grid& grid, const Point& center, double radius);

/// Histogram of points (one per row), with the grid's cells as bins. Points outside the box are left out, so that
/// their share is missing from the mass.
Field histogram_density(const Grid& grid, const Eigen::MatrixXd& points);

/// Gaussian kernel density estimate: the mean of N(point, diag(bandwidth^2)) over all points. Its mean is the
/// points' mean, its covariance theirs (denominator n) plus diag(bandwidth^2).
/// Throws InvalidValue("bandwidth", ...) below 0.7 grid spacings, where the grid no longer resolves the kernel.
Field kernel_density(const Grid& grid, const Eigen::MatrixXd& points, const Point& bandwidth);

/// Bandwidths per axis for n points in d dimensions with the sample deviations sigma (denominator n - 1).
/// Scott (1992): sigma n^(-1/(d+4)).
Point scott_bandwidth(const Eigen::MatrixXd& points);
/// Silverman (1986): sigma (4/((d+2) n))^(1/(d+4)).
Point silverman_bandwidth(const Eigen::MatrixXd& points);

/// A formula at the cell centres.
Field expression_density(const Grid& grid, const Expression& rho);

}  // namespace wpg
