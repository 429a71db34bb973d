#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "compare_points.hpp"

using namespace wpg;

namespace {

using Counts = std::vector<Index>;
using Times = std::vector<double>;

/// Whether two lists of times agree to rounding.
bool close(const Times& a, const Times& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (std::abs(a[k] - b[k]) > 1e-12 * b[k]) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("step counts are geometric and end with the last") {
  CHECK(geometric_counts(1) == Counts{1});
  CHECK(geometric_counts(2) == Counts{1, 2});
  CHECK(geometric_counts(20) == Counts{1, 3, 10, 20});
  CHECK(geometric_counts(12) == Counts{1, 3, 12});
  CHECK(geometric_counts(99) == Counts{1, 3, 10, 30, 99});
  CHECK(geometric_counts(100) == Counts{1, 10, 100});
  CHECK(geometric_counts(2500) == Counts{1, 10, 100, 1000, 2500});
  CHECK(geometric_counts(std::numeric_limits<Index>::max()).back() == std::numeric_limits<Index>::max());
}

TEST_CASE("common times are whole numbers of steps of every run") {
  // 0.1 and 0.07 meet at 0.7; the shorter run ends at 7.
  CHECK(close(common_times({{0.1, 70}, {0.07, 1000}}), {0.7, 2.1, 7.0}));
  // The sum of three tenths is not 0.3 in binary.
  CHECK(close(common_times({{0.1, 9}, {0.3, 3}}), {0.3, 0.9}));
  CHECK(close(common_times({{0.2, 5}}), {0.2, 0.6, 1.0}));
  CHECK(common_times({{0.1, 1000}, {0.14142135623730951, 1000}}).empty());
  CHECK(common_times({{0.1, 5}, {0.07, 1000}}).empty());
  CHECK(common_times({}).empty());
  CHECK(steps_to(0.3, 0.1) == 3);
  CHECK(steps_to(0.25, 0.1) == -1);
}
