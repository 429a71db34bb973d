#include "nonsmooth/prox_axis.hpp"

#include <cmath>

namespace wpg {
namespace {

/// Faces this close to an image point, in cells, count as the point itself: rounding must not decide which of two
/// neighbours gets an atom.
constexpr double close_to_image = 1e-9;
/// A stretch longer than this, in cells, whose image lies within `close_to_image` of a face collapses onto it.
constexpr double stretch = 1e-6;

}  // namespace

ProxAxis::ProxAxis(const Grid& grid, int axis, const Potential* V, const Nonsmooth& F, double gamma)
    : V_(V),
      F_(F),
      axis_(grid.axis(axis)),
      k_(axis),
      gamma_(gamma),
      base_(F.prox(grid.center(grid.size() / 2), gamma)),
      begin_(0),
      end_(axis_.cells) {
  while (begin_ < end_ && !in_domain(begin_)) ++begin_;
  while (end_ > begin_ && !in_domain(end_ - 1)) --end_;
}

std::vector<ProxAxis::Preimage> ProxAxis::preimages() const {
  const auto n = static_cast<double>(axis_.cells);
  std::vector<Preimage> all;
  for (Index f = 0; f <= axis_.cells; ++f) {
    const bool inside = f > begin_ && f < end_;
    all.push_back(inside ? preimage(f) : (f <= begin_ ? Preimage{0.0, 0.0} : Preimage{n, n}));
  }
  // Mass that the map carries out of the box through an end counts as clamped; beyond a wall of the domain it does not.
  if (begin_ == 0) all.front().first = all.front().last = preimage(0).first;
  if (end_ == axis_.cells) all.back().first = all.back().last = preimage(axis_.cells).last;
  return all;
}

ProxAxis::Preimage ProxAxis::preimage(Index face) const {
  const double h = axis_.spacing();
  const auto in_cells = [&](double x) {
    return std::clamp((x - axis_.lower) / h, 0.0, static_cast<double>(axis_.cells));
  };
  const Preimage p{in_cells(first_at(axis_.face(face) - close_to_image * h)),
                   in_cells(first_at(axis_.face(face) + close_to_image * h))};
  if (p.last - p.first > stretch) return p;
  const double middle = 0.5 * (p.first + p.last);
  return {middle, middle};
}

double ProxAxis::image(double x) const {
  Point at = base_;
  at[k_] = x;
  if (V_ != nullptr) at -= gamma_ * V_->gradient(at);
  return F_.prox(at, gamma_)[k_];
}

/// The smallest x of the box whose image is at least `level`; its upper end if there is none.
double ProxAxis::first_at(double level) const {
  double below = axis_.lower, above = axis_.upper;
  if (image(below) >= level) return below;
  while (true) {
    const double middle = 0.5 * (below + above);
    if (!(middle > below && middle < above)) return above;
    (image(middle) >= level ? above : below) = middle;
  }
}

bool ProxAxis::in_domain(Index cell) const {
  Point at = base_;
  at[k_] = axis_.center(cell);
  return std::isfinite(F_.value(at));
}

}  // namespace wpg
