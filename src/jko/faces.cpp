#include "jko/faces.hpp"

#include <algorithm>

namespace wpg {

void Faces::prepare(Index columns) {
  for (auto* sides : {&forward, &backward}) {
    for (auto& values : *sides) values.resize(static_cast<std::size_t>(columns + Index{4} * lanes));
  }
}

void Faces::close_ends(Index columns, bool wraps) {
  const auto end = [&](Direction d, Index from, Index to, Index image) {
    auto& behind = backward[d];
    behind[static_cast<std::size_t>(image)] = wraps ? behind[static_cast<std::size_t>(to)] : 0.0;
    if (!wraps) forward[d][static_cast<std::size_t>(from)] = 0.0;
  };
  end(east, columns, columns + 1, 1);
  end(northeast, columns, columns + 1, 1);
  end(northwest, 1, 0, columns);
  for (auto* sides : {&forward, &backward}) {
    for (auto& values : *sides) std::fill(values.begin() + columns + 1, values.end(), 0.0);
  }
}

void Faces::store_into(Stencil& s, Index j) const {
  const bool last = j + 1 == s.rows;
  store_row(s.forward[east], s, j, forward[east]);
  store_row(s.backward[east], s, j, backward[east]);
  if (last && !s.periodic[1]) return;
  for (const Direction d : {north, northeast, northwest}) {
    store_row(s.forward[d], s, j, forward[d]);
    store_row(s.backward[d], s, last ? 0 : j + 1, backward[d]);
  }
}

}  // namespace wpg
