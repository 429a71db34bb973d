#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "wasserstein_matching.hpp"

namespace wpg {
namespace {

using Walk = LineDistribution::Walk;
using Matches = std::vector<Match>;

/// The points where the parts of one measure end, and begin.
void find_points(const Walk& walk, Matches& matches, Match::Part Match::*which) {
  in_packs(std::ssize(matches), [&](Index first, Index count) {
    PackedCells cells;
    Pack end{}, begin{};
    for (int lane = 0; lane < lanes; ++lane) {
      const Match::Part& part = matches[static_cast<std::size_t>(first + std::min<Index>(lane, count - 1))].*which;
      cells.gather(lane, walk, part.cell);
      end[lane] = part.end;
      begin[lane] = part.begin;
    }
    const Pack one = broadcast(1.0);
    const Pack to = end >= 1.0 ? one : cells.inverse(end, Pack{}, one, end);
    for (int lane = 0; lane < count; ++lane) (matches[static_cast<std::size_t>(first + lane)].*which).to = to[lane];
    if (first == 0) (matches[0].*which).from = begin[0] > 0.0 ? cells.inverse(begin, Pack{}, one, begin)[0] : 0.0;
  });
  for (std::size_t k = 1; k < matches.size(); ++k) {
    const Match::Part& before = matches[k - 1].*which;
    Match::Part& part = matches[k].*which;
    part.from = part.cell == before.cell ? before.to : 0.0;
  }
}

/// One measure's parts of a pack of matches.
struct PackedParts {
  PackedCells cells;
  Pack mass{}, face{}, share{}, from{}, to{};

  void gather(int lane, const Walk& walk, const Match::Part& part) {
    cells.gather(lane, walk, part.cell);
    mass[lane] = walk.mass[part.cell];
    face[lane] = walk.face[part.cell];
    share[lane] = part.begin;
    from[lane] = part.from;
    to[lane] = part.to;
  }
};

/// The cost of every match of a pack, by Gauss-Legendre in a's cell.
Pack costs(const PackedParts& a, double a_spacing, const PackedParts& b, double b_spacing) {
  // Nodes on [-1, 1] and weights: exact for polynomials of degree seven.
  constexpr std::array<double, 4> node = {-0.8611363115940526, -0.3399810435848563, 0.3399810435848563,
                                          0.8611363115940526};
  constexpr std::array<double, 4> weight = {0.3478548451374538, 0.6521451548625461, 0.6521451548625461,
                                            0.3478548451374538};
  const Pack half = 0.5 * (a.to - a.from);
  Pack sum{};
  for (std::size_t k = 0; k < node.size(); ++k) {
    const Pack t = a.from + half * (1.0 + node[k]);
    const Pack matched = a.mass * max(a.cells.share(t) - a.share, Pack{});
    const Pack guess = b.from + (b.to - b.from) * (0.5 + 0.5 * node[k]);
    const Pack s = b.cells.inverse(b.share + matched / b.mass, b.from, b.to, guess);
    const Pack distance = (a.face + t * a_spacing) - (b.face + s * b_spacing);
    sum += weight[k] * a.cells.density(t) * distance * distance;
  }
  return half * a.mass * sum;
}

/// The integral over the first half of the mass.
double half_cost(const Walk& from, const Walk& to) {
  thread_local Matches matches;
  match_masses(from, to, matches);
  find_points(from, matches, &Match::a);
  find_points(to, matches, &Match::b);
  double sum = 0.0;
  in_packs(std::ssize(matches), [&](Index first, Index count) {
    PackedParts a, b;
    for (int lane = 0; lane < lanes; ++lane) {
      const Match& match = matches[static_cast<std::size_t>(first + std::min<Index>(lane, count - 1))];
      a.gather(lane, from, match.a);
      b.gather(lane, to, match.b);
    }
    const Pack cost = costs(a, from.spacing, b, to.spacing);
    for (int lane = 0; lane < count; ++lane) sum += cost[lane];
  });
  return sum;
}

}  // namespace

double w2_squared(const LineDistribution& a, const LineDistribution& b) {
  return half_cost(a.from_below(), b.from_below()) + half_cost(a.from_above(), b.from_above());
}

}  // namespace wpg
