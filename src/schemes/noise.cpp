#include "wpg/schemes/noise.hpp"

#include <cmath>

#include "gauss_rules.hpp"
#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// The product of the rule with itself, one factor per axis.
std::vector<NoiseNode> product(const GaussRule& rule, int dimension) {
  std::vector<NoiseNode> nodes{{Point(0), 1.0}};
  for (int k = 0; k < dimension; ++k) {
    std::vector<NoiseNode> longer;
    for (const NoiseNode& node : nodes) {
      for (Index i = 0; i < rule.nodes.size(); ++i) {
        Point offset(k + 1);
        offset.head(k) = node.offset;
        offset[k] = rule.nodes[i];
        longer.push_back({offset, node.weight * rule.weights[i]});
      }
    }
    nodes = std::move(longer);
  }
  return nodes;
}

/// Cells that a margin of this width takes, and one for the differences at its end.
Index margin(const Axis& axis, double reach) {
  if (axis.boundary == Boundary::periodic) return 0;
  return static_cast<Index>(std::ceil(reach / axis.spacing())) + 1;
}

Grid widened(const Grid& grid, double reach) {
  std::vector<Axis> axes = grid.axes();
  for (Axis& axis : axes) {
    const Index cells = margin(axis, reach);
    const double width = static_cast<double>(cells) * axis.spacing();
    axis = {axis.cells + 2 * cells, axis.lower - width, axis.upper + width, axis.boundary};
  }
  return Grid(std::move(axes));
}

void require(bool holds, const char* name, double value, const char* admissible) {
  if (!holds) throw InvalidValue(name, shortest(value), admissible);
}

/// The margin takes memory, and noise far wider than the box says nothing about it.
void require_reach(const Grid& grid, double strength, double reach) {
  constexpr double most = 4.0;  // widths of the box
  for (const Axis& axis : grid.axes()) {
    const double width = axis.upper - axis.lower;
    if (axis.boundary == Boundary::periodic || reach <= most * width) continue;
    throw InvalidValue("noise", shortest(strength),
                       "at most " + shortest(strength * most * width / reach) +
                           ": its outermost nodes would lie beyond four widths of the box");
  }
}

}  // namespace

Noise::Noise(const Grid& grid, double strength, double decay, int nodes)
    : grid_(grid), wide_(grid), strength_(strength), decay_(decay) {
  require(strength > 0.0 && std::isfinite(strength), "noise", strength, "positive and finite");
  require(decay >= 0.0 && std::isfinite(decay), "noise-decay", decay, "at least 0 and finite");
  require(nodes >= 1 && nodes <= 64, "noise-nodes", nodes, "from 1 to 64");
  const GaussRule rule = gauss_hermite(nodes);
  const double reach = strength * rule.nodes[nodes - 1];
  require_reach(grid, strength, reach);
  nodes_ = product(rule, grid.dimension());
  wide_ = widened(grid, reach);
}

double Noise::strength(Index step) const { return strength_ * std::pow(static_cast<double>(step), -decay_); }

void Noise::embed(const Field& rho, Field& wide) const {
  Index shift[3] = {0, 0, 0};
  for (int k = 0; k < grid_.dimension(); ++k) shift[k] = (wide_.axis(k).cells - grid_.axis(k).cells) / 2;
  const Index n = grid_.axis(0).cells;
  const Index ny = grid_.dimension() > 1 ? grid_.axis(1).cells : 1;
  parallel_sweep(grid_.size() / n, grid_.size(), [&](Index row) {
    Index first = shift[0];
    if (grid_.dimension() > 1) first += (row % ny + shift[1]) * wide_.stride(1);
    if (grid_.dimension() > 2) first += (row / ny + shift[2]) * wide_.stride(2);
    wide.values.segment(first, n) = rho.values.segment(row * n, n);
  });
}

Point ShiftedMap::shifted(const Point& x) const {
  Point y = x + offset_;
  for (int k = 0; k < grid_.dimension(); ++k) {
    const Axis& axis = grid_.axis(k);
    if (axis.boundary != Boundary::periodic) continue;
    const double period = axis.upper - axis.lower;
    y[k] -= period * std::floor((y[k] - axis.lower) / period);
  }
  return y;
}

}  // namespace wpg
