#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "wpg/diagnostics/fisher.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// A line of cells of two fields, the first as square roots of a density, with copies beyond its ends where it wraps.
struct Line {
  const double* root;
  const double* potential;
  Index cells;
  bool bounded;  ///< the potential is finite in all of them

  /// Whether the potential is finite in `reach` cells on either side of the face before cell `i`.
  bool finite(Index i, Index reach) const {
    for (Index k = -reach; k < reach; ++k) {
      if (!std::isfinite(potential[i + k])) return false;
    }
    return true;
  }
};

/// Weights of the pairs of cells around a face, nearest first: of a difference and of a mean.
struct Stencil {
  Index reach;
  std::array<double, 3> difference, mean;
};
constexpr Stencil second_order = {1, {1.0, 0.0, 0.0}, {0.5, 0.0, 0.0}};
constexpr Stencil sixth_order = {
    3, {2250.0 / 1920.0, -125.0 / 1920.0, 9.0 / 1920.0}, {150.0 / 256.0, -25.0 / 256.0, 3.0 / 256.0}};

/// 2 grad w + w grad V at the face before cell `i`, times the spacing, where w = sqrt(rho); without the first term
/// where there is no entropy.
double flux(const Line& line, Index i, const Stencil& stencil, bool entropy) {
  double slope = 0.0, value = 0.0, drift = 0.0;
  for (Index k = 0; k < stencil.reach; ++k) {
    const double low = line.root[i - 1 - k], high = line.root[i + k];
    const auto at = static_cast<std::size_t>(k);
    slope += stencil.difference[at] * (high - low);
    value += stencil.mean[at] * (high + low);
    drift += stencil.difference[at] * (line.potential[i + k] - line.potential[i - 1 - k]);
  }
  return (entropy ? 2.0 * slope : 0.0) + value * drift;
}

double line_sum(const Line& line, bool periodic, bool entropy) {
  double sum = 0.0;
  // Where a constraint ends, by the lower order; beyond it there is no mass.
  const auto add = [&](Index begin, Index end, const Stencil& stencil) {
    for (Index face = begin; face < end; ++face) {
      if (!line.bounded && !line.finite(face, 1)) continue;
      const bool whole = line.bounded || line.finite(face, stencil.reach);
      const double d = flux(line, face, whole ? stencil : second_order, entropy);
      sum += d * d;
    }
  };
  const Index n = line.cells;
  if (periodic) {
    add(0, n, n >= 6 ? sixth_order : second_order);
  } else if (n >= 6) {
    add(1, 3, second_order);
    add(3, n - 2, sixth_order);
    add(n - 2, n, second_order);
  } else {
    add(1, n, second_order);
  }
  return sum;
}

constexpr Index ghosts = 3;

/// Copies a line of both fields, with the cells beyond its ends where it wraps.
Line copied(const Lines& all, Index number, const Field& rho, const Field& potential) {
  thread_local std::vector<double> memory;
  const Index n = all.length, padded = n + 2 * ghosts;
  memory.resize(static_cast<std::size_t>(2 * padded));
  double* const root = memory.data() + ghosts;
  double* const V = root + padded;
  const Index first = all.first(number);
  for (Index i = 0; i < n; ++i) {
    root[i] = std::sqrt(rho.values[first + i * all.stride]);
    V[i] = potential.values[first + i * all.stride];
  }
  for (Index g = 0; g < ghosts; ++g) {
    for (double* const cells : {root, V}) {
      cells[-1 - g] = cells[n - 1 - g];
      cells[n + g] = cells[g];
    }
  }
  return {root, V, n, std::all_of(V, V + n, [](double v) { return std::isfinite(v); })};
}

double along(int axis, const Field& rho, const Field& potential, bool entropy) {
  const Lines all = lines(rho.grid, axis);
  const Axis& along = rho.grid.axis(axis);
  double* const partial = partial_sums(all.count);
  parallel_sweep(all.count, rho.grid.size(), [&](Index l) {
    partial[l] = line_sum(copied(all, l, rho, potential), along.boundary == Boundary::periodic, entropy);
  });
  double total = 0.0;
  for (Index l = 0; l < all.count; ++l) total += partial[l];
  return total * rho.grid.cell_volume() / (along.spacing() * along.spacing());
}

/// The integral of rho |grad (log rho + potential)|^2, or without the logarithm.
double squared_slope(const Field& rho, const Field& potential, bool entropy) {
  double sum = 0.0;
  for (int k = 0; k < rho.grid.dimension(); ++k) sum += along(k, rho, potential, entropy);
  return sum;
}

}  // namespace

FisherInformation::FisherInformation(const Problem& problem) : potential_(problem.grid) {
  if (problem.nonsmooth) potential_ = nonsmooth_field(problem.grid, *problem.nonsmooth);
  if (!problem.potential) return;
  potential_.values += sample(problem.grid, [&](const Point& x) { return problem.potential->value(x); }).values;
}

double FisherInformation::operator()(const Field& rho) const { return squared_slope(rho, potential_, true); }

Dissipation::Dissipation(const Grid& grid, std::vector<std::shared_ptr<const Energy>> energies) : variation_(grid) {
  if (energies.empty()) throw InvalidValue("energies", "none", "at least one");
  for (auto& energy : energies) {
    if (energy->name() == "entropy") {
      entropy_ = true;
    } else {
      others_.push_back(std::move(energy));
    }
  }
}

double Dissipation::operator()(const Field& rho) const {
  variation_.values.setZero();
  for (const auto& energy : others_) energy->add_first_variation(rho, variation_.values);
  return squared_slope(rho, variation_, entropy_);
}

}  // namespace wpg
