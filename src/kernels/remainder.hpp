#pragma once
#include <limits>

#include "kernels/log_input.hpp"

namespace wpg {

/// What cells without accuracy hold at least, so that their logarithms are finite.
constexpr double least_result = 1e-300;

/// exp(in - form - shift): what is left of a logarithmic input beside a form. Notes the largest, and whether all were
/// numbers and none too large.
struct Remainder {
  /// Logarithms of remainders from here on are too large.
  static constexpr double most_excess = 600.0;

  Pack top{};
  PackBits sound = ~PackBits{};

  /// Of the first `count` cells, zero where that is beneath any accuracy and in the lanes beyond.
  Pack of(const double* in, const double* form, Index count, double shift) {
    const Pack d = load_some(in, count, -std::numeric_limits<double>::infinity()) - load_some(form, count, 0.0) - shift;
    sound &= d < most_excess;
    const Pack w = d < -log_input_depth ? Pack{} : exp_in_range(min(d, broadcast(most_excess)));
    top = max(w, top);
    return w;
  }
  /// The largest; infinity where a value is not a number or too large.
  double largest_seen() const { return any(~sound) ? std::numeric_limits<double>::infinity() : largest(top); }
};

}  // namespace wpg
