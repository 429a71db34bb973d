#include "jko/odd_seam.hpp"

namespace wpg {
namespace {

std::size_t at(const Stencil& s, Index i, Index j) {
  return static_cast<std::size_t>(s.at(static_cast<int>(i & 1), i >> 1, j));
}

/// A fine link that leaves cell (i, j) forward, with the place of the cell that it reaches.
struct Link {
  Direction direction;
  Index i, j;
  Index to_i, to_j;
};

/// Adds a fine link to a coarse one that leaves entry `from` in a direction; `reversed` where it runs against it.
void add(const Stencil& fine, const Link& link, Direction coarse, Index from, bool reversed, Faces& faces) {
  const std::size_t p = at(fine, link.i, link.j);
  const std::size_t q = at(fine, link.to_i, link.to_j);
  const double ahead = 0.5 * fine.share[p] * static_cast<double>(fine.forward[link.direction][p]);
  const double back = 0.5 * fine.share[q] * static_cast<double>(fine.backward[link.direction][q]);
  faces.forward[coarse][static_cast<std::size_t>(from)] += reversed ? back : ahead;
  faces.backward[coarse][static_cast<std::size_t>(from + columns_ahead[coarse])] += reversed ? ahead : back;
}

void couple_columns(const Stencil& fine, Index j, Index coarse_columns, Faces& faces) {
  const Index end = fine.columns - 1;
  const Index low = 2 * j, high = 2 * j + 1;
  for (const Direction d : {east, northeast}) {
    faces.forward[d][static_cast<std::size_t>(coarse_columns)] = 0.0;
    faces.backward[d][static_cast<std::size_t>(coarse_columns + 1)] = 0.0;
  }
  faces.forward[northwest][1] = faces.backward[northwest][0] = 0.0;
  add(fine, {east, end, low, 0, low}, east, coarse_columns, false, faces);
  if (high >= fine.rows) return;
  add(fine, {east, end, high, 0, high}, east, coarse_columns, false, faces);
  add(fine, {northeast, end, low, 0, high}, east, coarse_columns, false, faces);
  add(fine, {northwest, 0, low, end, high}, east, coarse_columns, true, faces);
  if (high + 1 == fine.rows && !fine.periodic[1]) return;
  const Index above = (high + 1) % fine.rows;
  add(fine, {northeast, end, high, 0, above}, northeast, coarse_columns, false, faces);
  add(fine, {northwest, 0, high, end, above}, northwest, 1, false, faces);
}

void couple_rows(const Stencil& fine, Faces& faces) {
  const Index end = fine.rows - 1;
  for (Index i = 0; i < fine.columns; ++i) {
    const bool odd = i % 2 == 1;
    const Index entry = i / 2 + 1;
    add(fine, {north, i, end, i, 0}, north, entry, false, faces);
    if (i + 1 < fine.columns) add(fine, {northeast, i, end, i + 1, 0}, odd ? northeast : north, entry, false, faces);
    if (i > 0) add(fine, {northwest, i, end, i - 1, 0}, odd ? north : northwest, entry, false, faces);
  }
}

}  // namespace

void couple_odd_seams(const Stencil& fine, Index j, Index coarse_columns, Faces& faces) {
  if (fine.periodic[0] && fine.columns % 2 == 1) couple_columns(fine, j, coarse_columns, faces);
  if (fine.periodic[1] && fine.rows % 2 == 1 && 2 * j + 1 == fine.rows) couple_rows(fine, faces);
}

}  // namespace wpg
