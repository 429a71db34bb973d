#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "kernels/truncated_factors.hpp"

using namespace wpg;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Boundary boundaries[] = {Boundary::reflecting, Boundary::periodic, Boundary::free};

/// The value at cell j of a line of n cells.
using Shape = std::function<double(double j, double n)>;

Axis unit_cells(Index n, Boundary boundary) { return {n, 0.0, static_cast<double>(n), boundary}; }

/// Neighbouring lines of a shape, each of another size and a little along.
TruncatedLine::Workspace bundle(const TruncatedLine& line, const Shape& shape) {
  TruncatedLine::Workspace work;
  line.prepare(work);
  for (Index j = 0; j < line.inputs(); ++j) {
    for (int lane = 0; lane < lanes; ++lane) {
      const double at = static_cast<double>(j) + 0.25 * lane;
      work.in[j][lane] = shape(at, static_cast<double>(line.inputs())) - 700.0 * lane;
    }
  }
  return work;
}

Index fold(Index j, Index n, Boundary boundary) {
  if (boundary == Boundary::free) return j >= 0 && j < n ? j : -1;
  if (boundary == Boundary::periodic) return ((j % n) + n) % n;
  const Index m = ((j % (2 * n)) + 2 * n) % (2 * n);
  return m < n ? m : 2 * n - 1 - m;
}

/// How far, in the logarithm, the largest term outside its window comes up to what does not matter; cells of width one,
/// outputs and inputs in the same places.
double worst_outside(const TruncatedLine& line, const TruncatedLine::Workspace& work, Boundary boundary, double var) {
  const Index n = line.inputs();
  double worst = -infinity;
  for (Index i = 0; i < n; ++i) {
    const Index b = i / TruncatedLine::block;
    for (int lane = 0; lane < lanes; ++lane) {
      double inside = -infinity;
      double outside = -infinity;
      for (Index j = -3 * n; j < 4 * n; ++j) {
        const Index cell = fold(j, n, boundary);
        if (cell < 0) continue;
        const double d = static_cast<double>(i - j);
        double& side = j >= work.begin[b] && j < work.end[b] ? inside : outside;
        side = std::max(side, work.in[cell][lane] - 0.5 * d * d / var);
      }
      if (outside > -infinity) worst = std::max(worst, outside - std::max(inside, outside) + TruncatedLine::negligible);
    }
  }
  return worst;
}

bool in_order(const TruncatedLine& line, const TruncatedLine::Workspace& work) {
  bool good = work.begin[0] <= work.end[0];
  for (Index b = 1; b < line.blocks(); ++b) {
    good &= work.begin[b - 1] <= work.begin[b] && work.end[b - 1] <= work.end[b] && work.begin[b] <= work.end[b];
  }
  return good;
}

double mean_width(const TruncatedLine& line, const TruncatedLine::Workspace& work) {
  Index cells = 0;
  for (Index b = 0; b < line.blocks(); ++b) cells += work.end[b] - work.begin[b];
  return static_cast<double>(cells) / static_cast<double>(line.blocks());
}

struct Named {
  const char* name;
  Shape value;
};
const Named smooth[] = {
    {"constant", [](double, double) { return 1.0; }},
    {"concave", [](double j, double n) { return -0.3 * (j - 0.4 * n) * (j - 0.4 * n); }},
    {"convex", [](double j, double n) { return 0.1 * (j - 0.4 * n) * (j - 0.4 * n); }},
    {"linear", [](double j, double) { return -7.0 * j; }},
    {"wave", [](double j, double n) { return 30.0 * std::sin(2.0 * M_PI * j / n); }},
    {"support", [](double j, double n) { return std::abs(j - 0.5 * n) < 0.3 * n ? 0.2 * j : -infinity; }},
};
const Named rough[] = {
    {"two supports", [](double j, double n) { return std::abs(j - 0.5 * n) > 0.3 * n ? 0.2 * j : -infinity; }},
    {"nothing", [](double, double) { return -infinity; }},
    {"kink", [](double j, double n) { return 9.0 * std::abs(j - 0.5 * n); }},
    {"saw", [](double j, double) { return 40.0 * std::fmod(3.7 * j, 5.0); }},
    {"more convex than the Gaussian is concave", [](double j, double) { return 3.0 * j * j; }},
};

}  // namespace

TEST_CASE("windows from slopes and searched ones hold every term that matters") {
  for (const Boundary boundary : boundaries) {
    for (const Index n : {9, 33, 150}) {
      for (const double variance : {0.4, 1.0, 6.0, 30.0}) {
        const TruncatedLine line = truncated_factors(unit_cells(n, boundary), variance).front();
        const auto check = [&](const Named& shape) {
          CAPTURE(shape.name);
          CAPTURE(n);
          CAPTURE(variance);
          CAPTURE(static_cast<int>(boundary));
          TruncatedLine::Workspace work = bundle(line, shape.value);
          // A little above zero for the rounding of terms of thousands.
          if (line.windows_from_slopes(work)) {
            CHECK(worst_outside(line, work, boundary, variance) < 1e-9);
            CHECK(in_order(line, work));
          }
          line.search_windows(work);
          CHECK(in_order(line, work));
          CHECK(worst_outside(line, work, boundary, variance) < 1e-9);
        };
        for (const Named& shape : smooth) check(shape);
        for (const Named& shape : rough) check(shape);
      }
    }
  }
}

TEST_CASE("slopes give windows of smooth lines that are hardly wider than searched ones, and refuse rough lines") {
  for (const Boundary boundary : {Boundary::reflecting, Boundary::free}) {
    const TruncatedLine line = truncated_factors(unit_cells(200, boundary), 1.0).front();
    for (const Named& shape : smooth) {
      CAPTURE(shape.name);
      TruncatedLine::Workspace work = bundle(line, shape.value);
      REQUIRE(line.windows_from_slopes(work));
      const double width = mean_width(line, work);
      line.search_windows(work);
      CHECK(width < mean_width(line, work) + 5.0);
    }
    TruncatedLine::Workspace work = bundle(line, rough[0].value);
    CHECK(!line.windows_from_slopes(work));
  }
}

TEST_CASE("slopes serve periodic lines that are long beside the Gaussian, not shorter ones") {
  const TruncatedLine enough = truncated_factors(unit_cells(24, Boundary::periodic), 1.0).front();
  const TruncatedLine fewer = truncated_factors(unit_cells(23, Boundary::periodic), 1.0).front();
  TruncatedLine::Workspace long_work = bundle(enough, smooth[4].value);
  TruncatedLine::Workspace work = bundle(fewer, smooth[4].value);
  CHECK(enough.windows_from_slopes(long_work));
  CHECK(!fewer.windows_from_slopes(work));
}
