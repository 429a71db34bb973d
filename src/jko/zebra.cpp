#include "jko/zebra.hpp"

#include <algorithm>

#include "jko/line_solver.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Packs of lines that are relaxed side by side.
constexpr int group = 4;

/// A cell's equation with its neighbours off the line taken as given. The line runs along direction `line`.
template <int line>
[[gnu::always_inline]] inline LineRow equation(const Stencil& s, Index p, const std::array<Index, 4>& forward,
                                               const std::array<Index, 4>& backward) {
  LineRow row{broadcast(1.0), load(s.forward[line].data() + p), load(s.backward[line].data() + p),
              load(s.right.data() + p)};
  for (int d = 0; d < 4; ++d) {
    if (d == line) continue;
    const auto k = static_cast<std::size_t>(d);
    const Pack ahead = load(s.forward[k].data() + p);
    const Pack behind = load(s.backward[k].data() + p);
    row.own += ahead + behind;
    row.right += ahead * load(s.z.data() + p + forward[k]) + behind * load(s.z.data() + p + backward[k]);
  }
  return row;
}

/// What leads out of a line leads to given values.
void close_first(LineRow& row, Pack before) {
  row.own += row.down;
  row.right += row.down * before;
  row.down = Pack{};
}
void close_last(LineRow& row, Pack after) {
  row.own += row.up;
  row.right += row.up * after;
  row.up = Pack{};
}

/// Columns of one colour, `width` packs of them side by side.
template <int width>
void relax_columns(Stencil& s, int colour, Index pack) {
  thread_local std::vector<Pack> scratch;
  LineSolver<width> lines(scratch, s.rows);
  const auto forward = s.forward_offsets(colour);
  const auto backward = s.backward_offsets(colour);
  const Index first = s.at(colour, pack * lanes, 0);
  const Index stride = 2 * s.pitch;
  for (Index j = 0; j < s.rows; ++j) {
    for (int w = 0; w < width; ++w) {
      const Index p = first + j * stride + Index{w} * lanes;
      LineRow row = equation<north>(s, p, forward, backward);
      if (j == 0) close_first(row, load(s.z.data() + p - stride));
      if (j + 1 == s.rows) close_last(row, load(s.z.data() + p + stride));
      lines.eliminate(j, w, row);
    }
  }
  for (Index j = s.rows; j-- > 0;) {
    for (int w = 0; w < width; ++w) store(s.z.data() + first + j * stride + Index{w} * lanes, lines.substitute(j, w));
  }
}

/// The rows of a bundle: every second one from the parity's first; the last row again where there are fewer.
Index bundle_row(const Stencil& s, int parity, Index bundle, int lane) {
  const Index rows = (s.rows + 1 - parity) / 2;
  return parity + 2 * std::min(bundle * lanes + lane, rows - 1);
}

/// The equations of a square of lanes x lanes cells of a colour, one pack per column.
struct Square {
  Pack own[lanes], up[lanes], down[lanes], right[lanes];

  void gather(const Stencil& s, int parity, Index bundle, int colour, Index k) {
    const auto forward = s.forward_offsets(colour);
    const auto backward = s.backward_offsets(colour);
    for (int lane = 0; lane < lanes; ++lane) {
      const LineRow row = equation<east>(s, s.at(colour, k, bundle_row(s, parity, bundle, lane)), forward, backward);
      own[lane] = row.own;
      up[lane] = row.up;
      down[lane] = row.down;
      right[lane] = row.right;
    }
    for (auto* part : {&own, &up, &down, &right}) transpose(*part);
  }
  LineRow row(int lane) const { return {own[lane], up[lane], down[lane], right[lane]}; }
};

Pack column(const Stencil& s, int parity, Index bundle, Index i) {
  Pack values{};
  const Index colour = i & 1;
  for (int lane = 0; lane < lanes; ++lane) {
    const Index p = s.at(static_cast<int>(colour), (i - colour) / 2, bundle_row(s, parity, bundle, lane));
    values[lane] = s.z[static_cast<std::size_t>(p)];
  }
  return values;
}

template <int width>
void eliminate_rows(const Stencil& s, int parity, Index bundle, LineSolver<width>& lines) {
  Square squares[width][2];
  for (Index k = 0; 2 * k < s.columns; k += lanes) {
    for (int w = 0; w < width; ++w) {
      for (int colour = 0; colour < 2; ++colour) squares[w][colour].gather(s, parity, bundle + w, colour, k);
    }
    const Index count = std::min<Index>(Index{2} * lanes, s.columns - 2 * k);
    for (Index c = 0; c < count; ++c) {
      const Index i = 2 * k + c;
      for (int w = 0; w < width; ++w) {
        LineRow row = squares[w][c & 1].row(static_cast<int>(c / 2));
        if (i == 0) close_first(row, column(s, parity, bundle + w, -1));
        if (i + 1 == s.columns) close_last(row, column(s, parity, bundle + w, s.columns));
        lines.eliminate(i, w, row);
      }
    }
  }
}

template <int width>
void substitute_rows(Stencil& s, int parity, Index bundle, LineSolver<width>& lines) {
  Pack z[width][2][lanes] = {};
  for (Index k = (s.count(0) - 1) / lanes * lanes; k >= 0; k -= lanes) {
    for (Index c = std::min<Index>(Index{2} * lanes, s.columns - 2 * k); c-- > 0;) {
      for (int w = 0; w < width; ++w) z[w][c & 1][c / 2] = lines.substitute(2 * k + c, w);
    }
    for (int w = 0; w < width; ++w) {
      for (int colour = 0; colour < 2; ++colour) {
        transpose(z[w][colour]);
        for (int lane = 0; lane < lanes; ++lane) {
          store(s.z.data() + s.at(colour, k, bundle_row(s, parity, bundle + w, lane)), z[w][colour][lane]);
        }
      }
    }
  }
}

/// `width` bundles of rows of one parity, side by side.
template <int width>
void relax_rows(Stencil& s, int parity, Index bundle) {
  thread_local std::vector<Pack> scratch;
  LineSolver<width> lines(scratch, s.columns);
  eliminate_rows(s, parity, bundle, lines);
  substitute_rows(s, parity, bundle, lines);
}

/// Runs relax for `count` packs of lines, in groups where there are enough.
template <class Wide, class Narrow>
void in_groups(Index count, Index cells, Wide&& wide, Narrow&& narrow) {
  const Index groups = count / group;
  parallel_sweep(groups + count % group, cells,
                 [&](Index k) { k < groups ? wide(k * group) : narrow(groups * group + k - groups); });
}

Index packs(Index lines) { return (lines + lanes - 1) / lanes; }

}  // namespace

void relax_along_x(Stencil& s) {
  for (int parity = 0; parity < 2; ++parity) {
    s.fill_ghosts();
    in_groups(
        packs((s.rows + 1 - parity) / 2), s.columns * s.rows / 2, [&](Index k) { relax_rows<group>(s, parity, k); },
        [&](Index k) { relax_rows<1>(s, parity, k); });
  }
}

void relax_along_y(Stencil& s) {
  for (int colour = 0; colour < 2; ++colour) {
    s.fill_ghosts();
    in_groups(
        packs(s.count(colour)), s.columns * s.rows / 2, [&](Index k) { relax_columns<group>(s, colour, k); },
        [&](Index k) { relax_columns<1>(s, colour, k); });
  }
}

}  // namespace wpg
