#pragma once
#include "wpg/field.hpp"

namespace wpg {

/// A correction d = plain_share residual + other_share other of an iterate, formed where it is used: a pass over memory
/// costs more than the arithmetic.
struct Correction {
  double plain_share;
  const Values& residual;
  double other_share;
  const Values& other;

  /// d of the n cells from `begin`.
  void form(Index begin, Index n, double* d) const;
  /// out = x + d.
  void advance(const Values& x, Values& out) const;
};

}  // namespace wpg
