#pragma once
#include <cstddef>
#include <string_view>

#include "wpg/field.hpp"

namespace wpg {

/// A free energy, or one term of it: a functional of densities with a first variation. It knows neither step size nor
/// solver. Immutable but for its own scratch memory, so one object must not be used from two threads at once (it uses
/// all threads itself).
class Energy {
 public:
  virtual ~Energy() = default;

  /// Name of its diagnostic.
  virtual std::string_view name() const = 0;
  virtual double value(const Field& rho) const = 0;
  /// Adds the first variation at rho to `sum`, cell by cell and up to a constant. Throws UsageError, naming the
  /// energy and the density at fault, where there is none.
  virtual void add_first_variation(const Field& rho, Values& sum) const = 0;
  /// Largest rate, in 1/time, at which explicit gradient descent damps a disturbance of this grid: a step beyond
  /// 2 over this rate amplifies rounding. 0 where the first variation smooths.
  virtual double stiffness(const Grid&) const { return 0.0; }
  /// Upper bound of the rate, in 1/time, at which gradient descent from rho relaxes an energy of smooth first variation
  /// where it is at rest: a step beyond 2 over the rate itself overshoots. 0 where no bound is known.
  virtual double response_rate(const Field&) const { return 0.0; }
  /// Bytes of what it keeps.
  virtual std::size_t memory() const { return 0; }
};

}  // namespace wpg
