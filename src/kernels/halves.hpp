#pragma once

namespace wpg {

/// A number as the sum of one of single precision, whose products with numbers of few digits are exact, and a rest.
struct Halves {
  double high, low;
};

inline Halves halves(long double x) {
  const double high = static_cast<float>(x);
  return {high, static_cast<double>(x - high)};
}

}  // namespace wpg
