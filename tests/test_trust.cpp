#include <doctest/doctest.h>

#include "jko/trust.hpp"

// How far the preconditioner's coefficients are trusted, cell by cell.

using namespace wpg;

namespace {

/// Cells whose residual falls; turns to half its size and less; turns to more, of 0.02, 0.05 and 0.2; and grows.
const Values before = (Values(6) << 0.2, 0.2, 0.03, 0.06, 0.25, 0.1).finished();
const Values after = (Values(6) << 0.1, -0.1, -0.02, -0.05, -0.2, 0.3).finished();

}  // namespace

TEST_CASE("trust is halved where a residual turned to more than half its size, and given back elsewhere") {
  Values trust = Values::Constant(6, 0.8);
  update_trust(before, after, trust);
  const Values expected = (Values(6) << 0.84, 0.84, 0.84, 0.4, 0.4, 0.84).finished();
  CHECK((trust - expected).abs().maxCoeff() < 1e-15);
  for (int step = 0; step < 50; ++step) update_trust(before, after, trust);
  CHECK(trust.maxCoeff() == 1.0);
  CHECK(trust.minCoeff() == 0.05);
}

TEST_CASE("trust is lowered alone where a large residual turned, and tells so") {
  Values trust = Values::Constant(6, 0.8);
  CHECK(lower_trust(before, after, trust));
  const Values expected = (Values(6) << 0.8, 0.8, 0.8, 0.8, 0.4, 0.8).finished();
  CHECK((trust == expected).all());
  CHECK_FALSE(lower_trust(0.1 * before, 0.1 * after, trust));
  CHECK((trust == expected).all());
}
