#pragma once
#include "wpg/grid.hpp"

namespace wpg {

/// Matrices of one to three dimensions, by code of fixed size: without loops over blocks and without allocation.

/// The smallest and the largest eigenvalue of a symmetric matrix.
struct EigenvalueRange {
  double smallest = 0.0;
  double largest = 0.0;
};

EigenvalueRange eigenvalue_range(const Tensor& symmetric);
double determinant(const Tensor& matrix);
Tensor inverse(const Tensor& matrix);

}  // namespace wpg
