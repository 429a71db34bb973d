#pragma once
#include <vector>

#include "wpg/difference.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// A velocity field that depends on the density it moves. It may keep scratch memory between evaluations.
class Velocity {
 public:
  virtual ~Velocity() = default;

  /// Fills one component per axis, each at the cell centres; they have the grid's size already.
  virtual void evaluate(const Field& rho, std::vector<Values>& components) = 0;
  /// Largest rate, in 1/time, at which an explicit step of the flow damps a disturbance of the grid, or overshoots from
  /// the density of the last evaluation (see Energy).
  virtual double stiffness() const { return 0.0; }
  /// What the components are beyond reflecting and free ends. Mirrored velocities do not cross an end; others may, and
  /// the mass that they would carry out stays in the outermost cells.
  virtual Ends ends() const { return Ends::extrapolated; }
  virtual std::size_t memory() const { return 0; }
};

}  // namespace wpg
