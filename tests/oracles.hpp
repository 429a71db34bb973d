#pragma once
#include <Eigen/Core>
#include <cmath>
#include <numbers>
#include <vector>

#include "dense_oracles.hpp"
#include "wpg/exact.hpp"
#include "wpg/field.hpp"
#include "wpg/potential.hpp"

/// What several tests compare against.
namespace wpg::oracle {

/// V(x) = (x - center)^T precision (x - center) / 2.
struct QuadraticPotential final : Potential {
  QuadraticPotential(const Point& at, const Tensor& matrix);

  double value(const Point& x) const override;
  Point gradient(const Point& x) const override;
  Tensor hessian(const Point& x) const override;

  exact::Quadratic closed_form() const;

  Point center;
  Tensor precision;
};

Point point(std::initializer_list<double> coordinates);

/// Square matrix, row by row.
Tensor tensor(std::initializer_list<double> entries);

/// The same axis in every direction.
Grid cube(int dimension, Index cells, double lower, double upper, Boundary boundary = Boundary::reflecting);

/// Density of a Gaussian at a point.
double gaussian_density(const exact::Normal& law, const Point& x);

/// Density of a Gaussian at the cell centres, not renormalised.
Field gaussian_field(const Grid& grid, const exact::Normal& law);

/// The Gibbs kernel of a free axis as a full matrix: Gaussian of variance epsilon at the cell centres, times h.
Eigen::MatrixXd dense_gibbs(const Axis& axis, double epsilon);

/// Order p of a least-squares fit error = c h^p.
double fitted_order(const std::vector<double>& h, const std::vector<double>& error);

}  // namespace wpg::oracle
