#pragma once
#include <array>
#include <span>
#include <vector>

#include "wpg/field.hpp"

namespace wpg {

/// Drift and diffusion along one axis of a grid by finite volumes, advanced by one L-stable step of second order.
///
/// Space: the exponentially fitted fluxes of Scharfetter and Gummel (1969), Chang and Cooper (1970),
/// J_{i+1/2} = (B(V_{i+1} - V_i) rho_i - B(V_i - V_{i+1}) rho_{i+1})/h, B(z) = z/(exp(z) - 1), which vanish for
/// rho = exp(-V). No flux through the ends, or periodic.
///
/// Time: with u = (I + a dt A)^-1, a = 1 - 1/sqrt(2), the step is (1 + sqrt(2)) u^2 - sqrt(2) u: the stability function
/// of TR-BDF2 (Bank et al. 1985) and of the two-stage SDIRK of Alexander (1977). It is not positive for every rho: a
/// peak narrower than about 0.1 sqrt(dt) and modes that decay faster than 2.4/dt change sign. A line in which that
/// happens takes (1 - w) u^3 + w u^4 instead, w = sqrt(2) - 1: a step of first order that is positive, conservative and
/// keeps exp(-V) too.
///
/// The elimination subtracts nothing (Grassmann, Taksar, Heyman 1985), so every cell keeps its relative accuracy.
class AxisDiffusion {
 public:
  AxisDiffusion(const Field& potential, int axis, double dt);

  /// Advances rho in place; returns how many lines took the first-order step. The same for any number of threads.
  Index apply(Values& rho) const;

  /// Whether all lines have the same fluxes, to rounding.
  bool same_on_all_lines() const { return shared_; }
  std::size_t memory() const;
  /// What memory() is where no two lines are the same.
  static std::size_t most_memory(const Grid& grid, int axis);

 private:
  static constexpr Index width = 8;  ///< lines swept side by side

  /// What elimination leaves of the equations of a line: y_{i+1} = b_{i+1} + down_i y_i, then
  /// x_i = scale_i y_i + up_i x_{i+1}; on periodic axes the last cell is joined to every other one too.
  enum Coefficient : Index { down, up, scale, to_last, from_last };
  struct Tile {
    Index first;  ///< line
    Index count;  ///< lines, at most `width`
  };

  Tile tile(Index number) const;
  Index coefficients() const { return periodic_ ? 5 : 3; }
  void eliminate(const double* V, double factor, double* out) const;
  void solve(const double* coefficients, double* cells) const;
  Index advance(const double* coefficients, double* cells, double* once, double* twice) const;
  void load(const Tile& part, const Values& rho, double* cells) const;
  void store(const Tile& part, const double* cells, Values& rho) const;
  bool find_shared(const Values& V) const;

  Lines lines_;
  Index tiles_, tiles_per_run_;
  bool periodic_;
  bool shared_;
  std::vector<double> table_;  ///< per tile, cell and coefficient: `width` lines side by side
};

}  // namespace wpg
