#include "jko/source_equation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "jko/faces.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// See the header.
constexpr double centring = 1.5;
/// Masses of cells are taken from residuals up to this size: a guess farther off says nothing about them.
constexpr double largest_residual = 3.0;
/// Cells with less mass, relative to the largest of nu, have no mass in the equation: single precision ends there.
constexpr double smallest_mass = 1e-24;
/// Cells without mass that are given less than this have no part in the equation.
constexpr double smallest_gift = 1e-12;
/// Mass of a cell without one over its conductivity: nothing beside what it conducts.
constexpr double share_of_gap = 1e-9;
/// Cells that are given less than this share of their mass, since all their targets draw on other cells too, take S = I
/// for the lack.
constexpr double fair_share = 0.25;
/// Conductivity in every direction, a share of the tensor's trace: coarse links in series need one.
constexpr double leak = 1e-6;

}  // namespace

SourceEquation::SourceEquation(const Grid& grid, double gamma_prime, double epsilon)
    : grid_(grid),
      coupling_(centring * (gamma_prime + epsilon) / epsilon),
      tensor_(grid, epsilon),
      own_(4, Bordered(grid)),
      mass_(grid),
      cycle_(grid, Cycle::Effort::coarse) {}

/// Masses and conductivities of a row's cells.
void SourceEquation::set_cells(const Values& nu, const Values& r, double unit, Index j) {
  const Index n = grid_.axis(0).cells;
  for (Index i = 0; i < n; i += lanes) {
    const auto [given, xx, xy, yy] = tensor_.from(j * n + i, n - i);
    const Pack density = load_some(nu.data() + j * n + i, n - i, 0.0);
    const Pack residual = load_some(r.data() + j * n + i, n - i, 0.0);
    const Pack bounded = min(max(residual, broadcast(-largest_residual)), broadcast(largest_residual));
    const Pack own = (1.0 / unit) * density * exp(bounded);
    const PackBits source = own > broadcast(smallest_mass), reached = given > broadcast(smallest_gift);
    const Pack lack = source ? max(1.0 - (1.0 / fair_share) * given / own, Pack{}) : Pack{};
    const Pack scale = source ? (1.0 - lack) * own / max(given, broadcast(1e-30)) : broadcast(1.0);
    const Pack sxx = 0.5 * (scale * xx + lack * own * tensor_.scale(0)),
               syy = 0.5 * (scale * yy + lack * own * tensor_.scale(1));
    const std::array<Pack, 4> along = nine_point({sxx, 0.5 * scale * xy, syy});
    for (const Direction d : directions) store(own_[d].row(j) + i, along[d] + leak * (sxx + syy));
    const Pack gap = max(share_of_gap * (sxx + syy), broadcast(smallest_mass));
    store(mass_.row(j) + i, source ? own : (reached ? gap : Pack{}));
  }
}

/// The stencil's couplings of row j to itself and to the row above.
void SourceEquation::set_links(Index j) {
  thread_local Faces faces;
  thread_local std::vector<double> log_mass;
  Stencil& s = cycle_.finest();
  const Index n = s.columns;
  faces.prepare(n);
  log_mass.resize(static_cast<std::size_t>(n + Index{4} * lanes));
  const auto mass = [&](Index i, Index row) { return max(load(mass_.row(row) + i), broadcast(smallest_mass)); };
  for (Index i = 0; i < n; i += lanes) {
    const Pack here = mass(i, j);
    for (const Direction d : directions) {
      const Index to_i = i + columns_ahead[d], to_j = j + rows_ahead[d];
      const Pack link = coupling_ * (load(own_[d].row(j) + i) + load(own_[d].row(to_j) + to_i));
      faces.set(d, i + 1, link / here, link / mass(to_i, to_j));
    }
    // A share of nothing, or the coarse links would lead through cells that have none themselves.
    store(log_mass.data() + i + 1, load(mass_.row(j) + i) > 0.0 ? log(here) : broadcast(-1e300));
  }
  faces.close_ends(n, s.periodic[0]);
  faces.store_into(s, j);
  log_mass.front() = -1e300;
  std::fill(log_mass.begin() + n + 1, log_mass.end(), -1e300);  // no cell, no mass
  store_row(s.log_rho, s, j, log_mass);
}

void SourceEquation::update(const Values& log_q, const Values& log_rho, const Values& nu, const Values& r,
                            double unit) {
  tensor_.update(log_q, log_rho, std::log(unit));
  const Index rows = grid_.axis(1).cells;
  parallel_sweep(rows, grid_.size(), [&](Index j) { set_cells(nu, r, unit, j); });
  for (Bordered& field : own_) field.fill_border();
  mass_.fill_border();
  parallel_sweep(rows, grid_.size(), [&](Index j) { set_links(j); });
  cycle_.coarsen();
}

void SourceEquation::apply(const Values& nu, Values& z) {
  cycle_.apply(z, std::numeric_limits<double>::infinity(), z);
  const Index n = grid_.axis(0).cells;
  parallel_sweep(grid_.axis(1).cells, grid_.size(), [&](Index j) {
    const float* const mass = mass_.row(j);
    for (Index i = 0; i < n; ++i) {
      const Index k = j * n + i;
      z[k] = nu[k] > 0.0 && mass[i] > 0.0F ? z[k] : 0.0;
    }
  });
}

}  // namespace wpg
