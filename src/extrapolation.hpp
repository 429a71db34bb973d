#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace wpg {

/// The limit of a quotient with an error series in even powers of the step, by Richardson extrapolation over steps
/// that halve (Ridders 1982): the entry of the tableau whose neighbours differ least.
template <class Quotient>
double extrapolated(double step, Quotient&& quotient) {
  constexpr std::size_t levels = 10;
  std::array<double, levels> row{};
  std::array<double, levels> above{};
  double best = std::numeric_limits<double>::quiet_NaN();
  double error = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < levels; ++i, step /= 2.0) {
    row[0] = quotient(step);
    double factor = 4.0;
    for (std::size_t j = 1; j <= i; ++j, factor *= 4.0) {
      row[j] = row[j - 1] + (row[j - 1] - above[j - 1]) / (factor - 1.0);
      const double estimate = std::max(std::abs(row[j] - row[j - 1]), std::abs(row[j] - above[j - 1]));
      if (estimate < error) {
        error = estimate;
        best = row[j];
      }
    }
    above = row;
  }
  return best;
}

}  // namespace wpg
