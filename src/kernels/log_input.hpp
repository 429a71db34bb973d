#pragma once
#include "wpg/field.hpp"

namespace wpg {

/// Logarithmic inputs this far below the largest count as zero in linear arithmetic, which keeps products of them with
/// kernel weights away from subnormal numbers.
constexpr double log_input_depth = 650.0;

/// The largest value; infinity if any is +infinity or not a number.
double largest_log(const Values& in);

/// out = exp(in - shift), zero below exp(-log_input_depth); tells whether anything but -infinity became zero.
bool exponentiate(const double* in, double* out, Index size, double shift);

}  // namespace wpg
