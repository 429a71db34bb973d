#pragma once
#include <functional>
#include <string>

#include "wpg/convolution.hpp"

namespace wpg {

/// A kernel that depends on the distance alone: k(x) = f(|x|^2), with the derivative of f.
struct RadialKernel {
  std::string name;
  std::function<double(double)> value;  ///< f
  std::function<double(double)> slope;  ///< f'

  OffsetKernel offsets() const;
  /// The partial derivative of k along an axis, 2 x_axis f'(|x|^2).
  OffsetKernel derivative(int axis) const;
};

// Widths and cores are lengths > 0, strengths are finite; InvalidValue("width", ...) and so on otherwise.

/// exp(-|x|^2 / (2 width^2)).
RadialKernel gaussian_kernel(double width, double strength = 1.0);
/// (1 + |x|^2/width^2)^(-1/2), the inverse multiquadric of Gorham and Mackey (2017).
RadialKernel inverse_multiquadric_kernel(double width, double strength = 1.0);
/// |x|^2 / 2.
RadialKernel quadratic_kernel(double strength = 1.0);
/// (|x|^2 + core^2)^(exponent/2) / exponent, exponent > -3 and not 0.
RadialKernel power_kernel(double exponent, double core, double strength = 1.0);
/// log(|x|^2 + core^2) / 2; repulsion has a negative strength.
RadialKernel logarithmic_kernel(double core, double strength = 1.0);

}  // namespace wpg
