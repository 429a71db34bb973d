#include "jko/multigrid.hpp"

#include <algorithm>
#include <utility>

#include "jko/face.hpp"
#include "jko/zebra.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Rows of fine fields with a ghost on either side, and the couplings of the faces between them.
struct RowPair {
  struct Row {
    std::vector<double> x, y, diagonal, log_rho;
  };
  Row lower, upper;
  std::array<std::vector<double>, 4> forward, backward;

  void prepare(Index columns) {
    const auto size = static_cast<std::size_t>(columns + 4 * lanes);
    if (lower.x.size() >= size) return;
    for (Row* row : {&lower, &upper}) {
      for (auto* values : {&row->x, &row->y, &row->diagonal, &row->log_rho}) values->assign(size, 0.0);
    }
    for (auto* sides : {&forward, &backward}) {
      for (auto& values : *sides) values.assign(size, 0.0);
    }
  }
};

void copy_row(const Values& from, Index begin, Index count, bool wraps, std::vector<double>& to) {
  std::copy_n(from.data() + begin, count, to.begin() + 1);
  to.front() = from[wraps ? begin + count - 1 : begin];
  to[static_cast<std::size_t>(count + 1)] = from[wraps ? begin : begin + count - 1];
}

}  // namespace

Multigrid::Multigrid(const Grid& grid, double gamma_prime, double epsilon)
    : grid_(grid), coupling_(gamma_prime + epsilon), conductivity_(grid, epsilon) {
  const std::array<bool, 2> periodic = {grid.axis(0).boundary == Boundary::periodic,
                                        grid.axis(1).boundary == Boundary::periodic};
  levels_.emplace_back(grid.axis(0).cells, grid.axis(1).cells, periodic);
  while (levels_.back().columns * levels_.back().rows > 1) {
    levels_.emplace_back((levels_.back().columns + 1) / 2, (levels_.back().rows + 1) / 2, periodic);
  }
}

std::size_t Multigrid::memory() const {
  std::size_t bytes = static_cast<std::size_t>(grid_.size()) * 3 * sizeof(double);
  for (const Stencil& level : levels_) bytes += level.memory();
  return bytes;
}

/// Couplings of row j to itself and to row j + 1.
void Multigrid::assemble_pair(const Values& log_rho, Index j) {
  thread_local RowPair pair;
  Stencil& s = levels_.front();
  const Index n = s.columns;
  const bool wraps = s.periodic[0];
  const bool last = j + 1 == s.rows && !s.periodic[1];
  const Index above = j + 1 < s.rows ? j + 1 : 0;
  pair.prepare(n);
  for (const auto& [row, at] : {std::pair{&pair.lower, j}, std::pair{&pair.upper, above}}) {
    copy_row(conductivity_.x(), at * n, n, wraps, row->x);
    copy_row(conductivity_.y(), at * n, n, wraps, row->y);
    copy_row(conductivity_.diagonal(), at * n, n, wraps, row->diagonal);
    copy_row(log_rho, at * n, n, wraps, row->log_rho);
  }
  const auto face = [&](int d, Pack a, Pack b, const double* from, const double* to, Index i, Index target) {
    const Pack conductivity = coupling_ * max(max(a, b), Pack{});
    const FaceWeights weights = face_weights(load(to) - load(from));
    store(pair.forward[static_cast<std::size_t>(d)].data() + i, conductivity * weights.from_i);
    store(pair.backward[static_cast<std::size_t>(d)].data() + target, conductivity * weights.from_j);
  };
  for (Index i = 1; i <= n; i += lanes) {
    const auto& [x, y, diagonal, rho] = pair.lower;
    const auto& [ux, uy, udiagonal, urho] = pair.upper;
    face(Stencil::east, load(&x[i]), load(&x[i + 1]), &rho[i], &rho[i + 1], i, i + 1);
    face(Stencil::north, load(&y[i]), load(&uy[i]), &rho[i], &urho[i], i, i);
    face(Stencil::northeast, load(&diagonal[i]), load(&udiagonal[i + 1]), &rho[i], &urho[i + 1], i, i + 1);
    face(Stencil::northwest, -load(&diagonal[i]), -load(&udiagonal[i - 1]), &rho[i], &urho[i - 1], i, i - 1);
  }
  // Faces through the ends of the row: across the seam, or none.
  const auto end = [&](int d, Index from, Index to, Index image) {
    auto& ahead = pair.forward[static_cast<std::size_t>(d)];
    auto& behind = pair.backward[static_cast<std::size_t>(d)];
    behind[static_cast<std::size_t>(image)] = wraps ? behind[static_cast<std::size_t>(to)] : 0.0;
    if (!wraps) ahead[static_cast<std::size_t>(from)] = 0.0;
  };
  end(Stencil::east, n, n + 1, 1);
  end(Stencil::northeast, n, n + 1, 1);
  end(Stencil::northwest, 1, 0, n);
  for (int d = 0; d < 4; ++d) {
    const auto k = static_cast<std::size_t>(d);
    const Index target = d == Stencil::east ? j : above;
    std::fill_n(pair.forward[k].begin() + n + 1, 2 * lanes, 0.0);
    std::fill_n(pair.backward[k].begin() + n + 1, 2 * lanes, 0.0);
    if (last && d != Stencil::east) {
      std::fill(pair.forward[k].begin(), pair.forward[k].end(), 0.0);
    }
    for (Index i = 0; i < n; i += 2 * lanes) {
      const double* ahead = pair.forward[k].data() + i + 1;
      const double* behind = pair.backward[k].data() + i + 1;
      store_apart(s.forward[k], s, j, i, load(ahead), load(ahead + lanes));
      if (!(last && d != Stencil::east)) store_apart(s.backward[k], s, target, i, load(behind), load(behind + lanes));
    }
  }
  for (Index i = 0; i < n; i += 2 * lanes) {
    const double* values = log_rho.data() + j * n + i;
    store_apart(s.log_rho, s, j, i, load_some(values, n - i, -1e300),
                n - i > lanes ? load_some(values + lanes, n - i - lanes, -1e300) : broadcast(-1e300));
  }
}

void Multigrid::update(const Values& log_q, const Values& log_rho, const Values& trust) {
  conductivity_.update(log_q, trust);
  parallel_sweep(levels_.front().rows, grid_.size(), [&](Index j) { assemble_pair(log_rho, j); });
  for (std::size_t k = 0; k + 1 < levels_.size(); ++k) coarsen(levels_[k], levels_[k + 1]);
}

void Multigrid::take_right(const Values& r) {
  Stencil& s = levels_.front();
  const Index n = s.columns;
  parallel_sweep(s.rows, grid_.size(), [&](Index j) {
    for (Index i = 0; i < n; i += 2 * lanes) {
      const double* values = r.data() + j * n + i;
      store_apart(s.right, s, j, i, load_some(values, n - i, 0.0),
                  n - i > lanes ? load_some(values + lanes, n - i - lanes, 0.0) : Pack{});
    }
  });
}

void Multigrid::give(Values& z) const {
  const Stencil& s = levels_.front();
  const Index n = s.columns;
  parallel_sweep(s.rows, grid_.size(), [&](Index j) {
    for (Index i = 0; i < n; i += 2 * lanes) {
      Pack low, high;
      interleave(load(s.z.data() + s.at(0, i / 2, j)), load(s.z.data() + s.at(1, i / 2, j)), low, high);
      store_some(z.data() + j * n + i, n - i, low);
      if (n - i > lanes) store_some(z.data() + j * n + i + lanes, n - i - lanes, high);
    }
  });
}

void Multigrid::apply(Values& z) {
  take_right(z);
  for (std::size_t k = 0; k + 1 < levels_.size(); ++k) restrict_right(levels_[k], levels_[k + 1]);
  levels_.back().z = levels_.back().right;  // of the last cell: its couplings lead nowhere
  for (std::size_t k = levels_.size() - 1; k-- > 0;) {
    levels_[k + 1].fill_ghosts();
    interpolate(levels_[k + 1], levels_[k]);
    relax_lines(levels_[k]);
  }
  give(z);
}

}  // namespace wpg
