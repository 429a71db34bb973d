#include "wasserstein_matching.hpp"

#include <algorithm>

namespace wpg {
namespace {

using Walk = LineDistribution::Walk;

/// All that is left out at the beginning moves at most this much mass.
constexpr double negligible_mass = 1e-34;
/// A Newton step this small leaves an error of its square.
constexpr double small_step = 1e-10;

/// Where a walk stands: in a cell, some of whose mass is already matched.
class Place {
 public:
  explicit Place(const Walk& walk) : walk_(walk) { skip_empty(); }

  bool ended() const { return cell_ >= walk_.mass.size(); }
  double remaining() const { return walk_.mass[cell_] - used_; }

  /// Matches `mass` more, at most what remains in the cell.
  Match::Part advance(double mass) {
    Match::Part part;
    part.cell = cell_;
    part.begin = used_ / walk_.mass[cell_];
    if (mass < remaining()) {
      used_ += mass;
      part.end = std::min(1.0, used_ / walk_.mass[cell_]);
    } else {
      ++cell_;
      used_ = 0.0;
      skip_empty();
    }
    return part;
  }

 private:
  void skip_empty() {
    while (!ended() && !(walk_.mass[cell_] > 0.0)) ++cell_;
  }

  const Walk& walk_;
  std::size_t cell_ = 0;
  double used_ = 0.0;
};

}  // namespace

void match_masses(const Walk& from, const Walk& to, std::vector<Match>& matches) {
  matches.clear();
  Place a(from);
  Place b(to);
  double matched = 0.0;
  while (matched < 0.5 && !a.ended() && !b.ended()) {
    const double mass = std::min({a.remaining(), b.remaining(), 0.5 - matched});
    const Match match{a.advance(mass), b.advance(mass)};
    if (!matches.empty() || mass > negligible_mass) matches.push_back(match);
    matched += mass;
  }
}

void PackedCells::gather(int lane, const Walk& walk, std::size_t cell) {
  double sum = 0.0;
  for (std::size_t k = 0; k < 5; ++k) {
    density_[k][lane] = walk.bernstein[cell][k];
    sums_[k][lane] = sum += 0.2 * walk.bernstein[cell][k];
  }
}

Pack PackedCells::share(Pack t) const {
  const Pack u = 1.0 - t;
  const Pack t2 = t * t, u2 = u * u;
  return t * (5.0 * u2 * u2 * sums_[0] + 10.0 * t * u2 * u * sums_[1] + 10.0 * t2 * u2 * sums_[2] +
              5.0 * t2 * t * u * sums_[3] + t2 * t2 * sums_[4]);
}

Pack PackedCells::density(Pack t) const {
  const Pack u = 1.0 - t;
  const Pack t2 = t * t, u2 = u * u;
  return u2 * u2 * density_[0] + 4.0 * u2 * u * t * density_[1] + 6.0 * u2 * t2 * density_[2] +
         4.0 * u * t2 * t * density_[3] + t2 * t2 * density_[4];
}

Pack PackedCells::inverse(Pack target, Pack low, Pack high, Pack guess) const {
  Pack t = max(low, min(guess, high));
  for (int iteration = 0; iteration < 60; ++iteration) {
    const Pack residual = share(t) - target;
    high = residual > 0.0 ? t : high;
    low = residual > 0.0 ? low : t;
    const Pack step = t - residual / density(t);
    const Pack inside = step >= low ? step : 0.5 * (low + high);  // the middle where it is not a number, too
    const Pack next = inside <= high ? inside : 0.5 * (low + high);
    const Pack moved = max(next - t, t - next);
    t = next;
    if (!any_at_least(moved, broadcast(small_step))) break;
  }
  return t;
}

}  // namespace wpg
