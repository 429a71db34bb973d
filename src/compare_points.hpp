#pragma once
#include <vector>

#include "wpg/grid.hpp"

namespace wpg {

/// A few numbers from 1 to `last`, geometrically: decades, or 1, 3, 10, 30 where `last` is below 100; `last` itself is
/// the last of them.
std::vector<Index> geometric_counts(Index last);

/// A run's step size and number of steps.
struct Pace {
  double gamma = 0.0;
  Index steps = 0;
};

/// A few times, geometrically, that are whole numbers of steps of every run; empty if there are none before the
/// shortest run ends.
std::vector<double> common_times(const std::vector<Pace>& runs);

/// The number of steps that make a time; -1 if no whole number does (but for rounding).
Index steps_to(double time, double gamma);

}  // namespace wpg
