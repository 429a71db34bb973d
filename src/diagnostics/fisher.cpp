#include <array>
#include <cmath>

#include "wpg/diagnostics/fisher.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// A line of cells of two fields.
struct Line {
  const double* rho;
  const double* potential;
  Index stride;
  Index cells;

  Index wrapped(Index i) const { return (i + cells) % cells * stride; }
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
    const Index before = line.wrapped(i - 1 - k), after = line.wrapped(i + k);
    const double low = std::sqrt(line.rho[before]), high = std::sqrt(line.rho[after]);
    const auto at = static_cast<std::size_t>(k);
    slope += stencil.difference[at] * (high - low);
    value += stencil.mean[at] * (high + low);
    drift += stencil.difference[at] * (line.potential[after] - line.potential[before]);
  }
  return (entropy ? 2.0 * slope : 0.0) + value * drift;
}

double line_sum(const Line& line, bool periodic, bool entropy) {
  double sum = 0.0;
  for (Index face = periodic ? 0 : 1; face < line.cells; ++face) {
    const bool wide = line.cells >= 6 && (periodic || (face >= 3 && face + 3 <= line.cells));
    const double d = flux(line, face, wide ? sixth_order : second_order, entropy);
    sum += d * d;
  }
  return sum;
}

double along(int axis, const Field& rho, const Field& potential, bool entropy) {
  const Lines all = lines(rho.grid, axis);
  const Axis& along = rho.grid.axis(axis);
  double* const partial = partial_sums(all.count);
  parallel_sweep(all.count, rho.grid.size(), [&](Index l) {
    const Index first = all.first(l);
    const Line line{rho.values.data() + first, potential.values.data() + first, all.stride, all.length};
    partial[l] = line_sum(line, along.boundary == Boundary::periodic, entropy);
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
  if (!problem.potential) return;
  potential_ = sample(problem.grid, [&](const Point& x) { return problem.potential->value(x); });
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
