#pragma once
#include <limits>

#include "simd.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// Logarithmic inputs this far below the largest count as zero in linear arithmetic, which keeps products of them with
/// kernel weights away from subnormal numbers.
constexpr double log_input_depth = 650.0;

/// The largest value; infinity if any is +infinity or not a number.
double largest_log(const Values& in);

/// exp(x - shift), zero below exp(-log_input_depth); marks in `flushed` where anything but -infinity became zero.
inline Pack exponential(Pack x, double shift, PackBits& flushed) {
  const Pack d = x - shift;
  const PackBits low = d < -log_input_depth;
  flushed |= low & (d > -std::numeric_limits<double>::infinity());
  return low ? Pack{} : exp_in_range(d);
}

/// out = exp(in - shift), zero below exp(-log_input_depth); tells whether anything but -infinity became zero.
bool exponentiate(const double* in, double* out, Index size, double shift);

}  // namespace wpg
