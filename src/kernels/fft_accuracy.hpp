#pragma once
#include <sstream>

#include "wpg/error.hpp"

namespace wpg {

/// The relative accuracy that an FFT kernel is asked for: transforms round to some 1e-15 of their largest value, so
/// that less would refuse nearly every input. Throws InvalidValue unless 1e-13 <= accuracy < 1.
inline double checked_accuracy(double accuracy) {
  if (accuracy >= 1e-13 && accuracy < 1.0) return accuracy;
  throw InvalidValue("accuracy", (std::ostringstream() << accuracy).str(), "in [1e-13, 1)");
}

}  // namespace wpg
