#include "jko/zebra.hpp"

#include <algorithm>

#include "jko/tridiagonal.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

struct Equation {
  Pack own = broadcast(1.0);
  Pack right;
};

/// A cell's equation with its neighbours off the line taken as given. The line runs along direction `line`.
template <int line>
Equation off_line(const Stencil& s, Index p, const std::array<Index, 4>& forward,
                  const std::array<Index, 4>& backward) {
  Equation e;
  e.right = load(s.right.data() + p);
  for (int d = 0; d < 4; ++d) {
    if (d == line) continue;
    const auto k = static_cast<std::size_t>(d);
    const Pack ahead = load(s.forward[k].data() + p);
    const Pack behind = load(s.backward[k].data() + p);
    e.own += ahead + behind;
    e.right += ahead * load(s.z.data() + p + forward[k]) + behind * load(s.z.data() + p + backward[k]);
  }
  return e;
}

/// Columns of one colour, `lanes` at a time: contiguous in memory.
void relax_columns(Stencil& s, int colour, Index strip, Tridiagonal& lines) {
  const auto forward = s.forward_offsets(colour);
  const auto backward = s.backward_offsets(colour);
  const Index first = s.at(colour, strip * lanes, 0);
  const Index row = 2 * s.pitch;
  for (Index j = 0; j < s.rows; ++j) {
    const Index p = first + j * row;
    const Equation e = off_line<north>(s, p, forward, backward);
    const auto i = static_cast<std::size_t>(j);
    lines.own[i] = e.own;
    lines.right[i] = e.right;
    lines.up[i] = load(s.forward[north].data() + p);
    lines.down[i] = load(s.backward[north].data() + p);
  }
  lines.close_first(load(s.z.data() + first - row));
  lines.close_last(s.rows - 1, load(s.z.data() + first + s.rows * row));
  lines.solve(s.rows);
  for (Index j = 0; j < s.rows; ++j) store(s.z.data() + first + j * row, lines.right[static_cast<std::size_t>(j)]);
}

/// The rows of a bundle: every second one from the parity's first; the last row again where there are fewer.
Index bundle_row(const Stencil& s, int parity, Index bundle, int lane) {
  const Index rows = (s.rows + 1 - parity) / 2;
  return parity + 2 * std::min(bundle * lanes + lane, rows - 1);
}

/// Gathers the equations of a bundle of rows, a square of lanes x lanes cells of a colour at a time.
void gather_rows(const Stencil& s, int parity, Index bundle, Tridiagonal& lines) {
  for (int colour = 0; colour < 2; ++colour) {
    const auto forward = s.forward_offsets(colour);
    const auto backward = s.backward_offsets(colour);
    for (Index k = 0; k < s.count(colour); k += lanes) {
      Pack own[lanes], right[lanes], up[lanes], down[lanes];
      for (int lane = 0; lane < lanes; ++lane) {
        const Index p = s.at(colour, k, bundle_row(s, parity, bundle, lane));
        const Equation e = off_line<east>(s, p, forward, backward);
        own[lane] = e.own;
        right[lane] = e.right;
        up[lane] = load(s.forward[east].data() + p);
        down[lane] = load(s.backward[east].data() + p);
      }
      transpose(own);
      transpose(right);
      transpose(up);
      transpose(down);
      for (int lane = 0; lane < lanes; ++lane) {
        const auto i = static_cast<std::size_t>(2 * (k + lane) + colour);
        lines.own[i] = own[lane];
        lines.right[i] = right[lane];
        lines.up[i] = up[lane];
        lines.down[i] = down[lane];
      }
    }
  }
}

Pack column(const Stencil& s, int parity, Index bundle, Index i) {
  Pack values{};
  const Index colour = i & 1;
  for (int lane = 0; lane < lanes; ++lane) {
    const Index p = s.at(static_cast<int>(colour), (i - colour) / 2, bundle_row(s, parity, bundle, lane));
    values[lane] = s.z[static_cast<std::size_t>(p)];
  }
  return values;
}

void scatter_rows(Stencil& s, int parity, Index bundle, const Tridiagonal& lines) {
  for (int colour = 0; colour < 2; ++colour) {
    for (Index k = 0; k < s.count(colour); k += lanes) {
      Pack square[lanes];
      for (int lane = 0; lane < lanes; ++lane) {
        square[lane] = lines.right[static_cast<std::size_t>(2 * (k + lane) + colour)];
      }
      transpose(square);
      for (int lane = 0; lane < lanes; ++lane) {
        store(s.z.data() + s.at(colour, k, bundle_row(s, parity, bundle, lane)), square[lane]);
      }
    }
  }
}

void relax_rows(Stencil& s, int parity, Index bundle, Tridiagonal& lines) {
  gather_rows(s, parity, bundle, lines);
  lines.close_first(column(s, parity, bundle, -1));
  lines.close_last(s.columns - 1, column(s, parity, bundle, s.columns));
  lines.solve(s.columns);
  std::fill(lines.right.begin() + s.columns, lines.right.end(), Pack{});
  scatter_rows(s, parity, bundle, lines);
}

}  // namespace

void relax_lines(Stencil& s) {
  const Index cells = s.columns * s.rows / 2;
  const Index longest = std::max(s.columns + 4 * lanes, s.rows);
  for (int parity = 0; parity < 2; ++parity) {
    s.fill_ghosts();
    parallel_sweep(((s.rows + 1 - parity) / 2 + lanes - 1) / lanes, cells, [&](Index bundle) {
      thread_local Tridiagonal lines;
      lines.prepare(longest);
      relax_rows(s, parity, bundle, lines);
    });
  }
  for (int colour = 0; colour < 2; ++colour) {
    s.fill_ghosts();
    parallel_sweep((s.count(colour) + lanes - 1) / lanes, cells, [&](Index strip) {
      thread_local Tridiagonal lines;
      lines.prepare(longest);
      relax_columns(s, colour, strip, lines);
    });
  }
}

}  // namespace wpg
