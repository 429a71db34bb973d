#pragma once
#include <memory>
#include <vector>

#include "wpg/convolution.hpp"
#include "wpg/potential.hpp"
#include "wpg/radial_kernel.hpp"
#include "wpg/velocity.hpp"

namespace wpg {

/// The velocity of mean-field Stein variational gradient descent (Liu, Wang 2016; Lu, Lu, Nolen 2019) towards exp(-V),
///     v(x) = integral of [-grad V(y) k(x - y) + grad_y k(x - y)] rho(y) dy,
/// exactly the midpoint sum over the cells, by FFT. It needs no derivative of rho, so zeros are ordinary. Not a
/// gradient in general.
class SteinVelocity final : public Velocity {
 public:
  /// Throws InvalidValue("V", ...) where grad V is not finite at a cell centre.
  SteinVelocity(const Grid& grid, const Potential& potential, const RadialKernel& kernel);

  void evaluate(const Field& rho, std::vector<Values>& components) override;
  std::size_t memory() const override;

 private:
  std::vector<Values> gradient_;  ///< of V
  Values product_;
  Convolution convolution_;
};

/// Median of the distance between two independent points of a density, from 1000 points that stand for equal masses:
/// the median rule for the bandwidth of a kernel. To about 1 %, and the same at every call.
double median_distance(const Field& rho);

}  // namespace wpg
