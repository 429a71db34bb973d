#include "jko/stencil_assembly.hpp"

#include <algorithm>

#include "jko/face.hpp"

namespace wpg {
namespace {

/// A row of the fields with a ghost on either side: cell i is entry i + 1.
struct Row {
  std::vector<double> x, y, diagonal, log_rho;

  void take(const Conductivity& conductivity, const Values& rho, Index begin, Index count, bool wraps) {
    copy(conductivity.x(), begin, count, wraps, x);
    copy(conductivity.y(), begin, count, wraps, y);
    copy(conductivity.diagonal(), begin, count, wraps, diagonal);
    copy(rho, begin, count, wraps, log_rho);
  }

 private:
  static void copy(const Values& from, Index begin, Index count, bool wraps, std::vector<double>& to) {
    to.resize(static_cast<std::size_t>(count + 4 * lanes));
    std::copy_n(from.data() + begin, count, to.begin() + 1);
    to.front() = from[wraps ? begin + count - 1 : begin];
    to[static_cast<std::size_t>(count + 1)] = from[wraps ? begin : begin + count - 1];
  }
};

/// The faces between a row and itself and the row above, and the couplings across them as both cells see them.
struct Faces {
  Row lower, upper;
  std::array<std::vector<double>, 4> forward, backward;

  void prepare(Index columns) {
    for (auto* sides : {&forward, &backward}) {
      for (auto& values : *sides) values.resize(static_cast<std::size_t>(columns + 4 * lanes));
    }
  }
  void couple(Index columns, double coupling);
  void close_ends(Index columns, bool wraps);

 private:
  void set(Stencil::Direction d, Pack conductivity, const double* from, const double* to, Index i, Index target) {
    const FaceWeights weights = face_weights(load(to) - load(from));
    store(forward[d].data() + i, conductivity * weights.from_i);
    store(backward[d].data() + target, conductivity * weights.from_j);
  }
};

void Faces::couple(Index columns, double coupling) {
  const auto larger = [&](Pack a, Pack b) { return coupling * max(max(a, b), Pack{}); };
  const double* const rho = lower.log_rho.data();
  const double* const above = upper.log_rho.data();
  const auto at = [](const std::vector<double>& values, Index i) { return load(values.data() + i); };
  for (Index i = 1; i <= columns; i += lanes) {
    set(Stencil::east, larger(at(lower.x, i), at(lower.x, i + 1)), rho + i, rho + i + 1, i, i + 1);
    set(Stencil::north, larger(at(lower.y, i), at(upper.y, i)), rho + i, above + i, i, i);
    set(Stencil::northeast, larger(at(lower.diagonal, i), at(upper.diagonal, i + 1)), rho + i, above + i + 1, i, i + 1);
    set(Stencil::northwest, larger(-at(lower.diagonal, i), -at(upper.diagonal, i - 1)), rho + i, above + i - 1, i,
        i - 1);
  }
}

/// Faces through the ends of the row lead across the seam, or nowhere; beyond the ends there is none.
void Faces::close_ends(Index columns, bool wraps) {
  const auto end = [&](Stencil::Direction d, Index from, Index to, Index image) {
    auto& behind = backward[d];
    behind[static_cast<std::size_t>(image)] = wraps ? behind[static_cast<std::size_t>(to)] : 0.0;
    if (!wraps) forward[d][static_cast<std::size_t>(from)] = 0.0;
  };
  end(Stencil::east, columns, columns + 1, 1);
  end(Stencil::northeast, columns, columns + 1, 1);
  end(Stencil::northwest, 1, 0, columns);
  for (auto* sides : {&forward, &backward}) {
    for (auto& values : *sides) std::fill(values.begin() + columns + 1, values.end(), 0.0);
  }
}

/// Row `row` of the stencil's field from natural order.
template <class Vector>
void store_row(Vector& to, const Stencil& s, Index row, const std::vector<double>& from) {
  for (Index i = 0; i < s.columns; i += 2 * lanes) {
    store_apart(to, s, row, i, load(from.data() + i + 1), load(from.data() + i + 1 + lanes));
  }
}

}  // namespace

void assemble_row(const Conductivity& conductivity, const Values& log_rho, double coupling, Index j, Stencil& s) {
  thread_local Faces faces;
  const Index n = s.columns;
  const bool last = j + 1 == s.rows;
  const Index above = last ? 0 : j + 1;
  faces.lower.take(conductivity, log_rho, j * n, n, s.periodic[0]);
  faces.upper.take(conductivity, log_rho, above * n, n, s.periodic[0]);
  faces.prepare(n);
  faces.couple(n, coupling);
  faces.close_ends(n, s.periodic[0]);
  store_row(s.forward[Stencil::east], s, j, faces.forward[Stencil::east]);
  store_row(s.backward[Stencil::east], s, j, faces.backward[Stencil::east]);
  if (!last || s.periodic[1]) {
    for (const auto d : {Stencil::north, Stencil::northeast, Stencil::northwest}) {
      store_row(s.forward[d], s, j, faces.forward[d]);
      store_row(s.backward[d], s, above, faces.backward[d]);
    }
  }
  std::fill(faces.lower.log_rho.begin() + n + 1, faces.lower.log_rho.end(), -1e300);  // no cell, no mass
  store_row(s.log_rho, s, j, faces.lower.log_rho);
}

}  // namespace wpg
