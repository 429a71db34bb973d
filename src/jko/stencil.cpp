#include "jko/stencil.hpp"

#include <algorithm>

namespace wpg {

Stencil::Stencil(Index number_of_columns, Index number_of_rows, std::array<bool, 2> is_periodic)
    : columns(number_of_columns), rows(number_of_rows), periodic(is_periodic) {
  // Cells of a colour rounded up to whole pairs of packs, and ghosts on both sides.
  pitch = ((columns + 1) / 2 + 2 * lanes - 1) / (2 * lanes) * (2 * lanes) + 4 * lanes;
  const auto size = static_cast<std::size_t>(2 * (rows + 4) * pitch);
  for (int d = 0; d < 4; ++d) {
    forward[static_cast<std::size_t>(d)].assign(size, Bfloat16(0.0F));
    backward[static_cast<std::size_t>(d)].assign(size, Bfloat16(0.0F));
  }
  log_rho.assign(size, -1e300);
  share.assign(size, 0.0F);
  right.assign(size, 0.0F);
  z.assign(size, 0.0F);
}

std::size_t Stencil::memory() const { return z.size() * (8 * sizeof(Bfloat16) + 3 * sizeof(float) + sizeof(double)); }

std::array<Index, 4> Stencil::forward_offsets(int colour) const {
  const Index row = 2 * pitch;
  const Index to_east = colour == 0 ? pitch : 1 - pitch;
  const Index to_west = colour == 0 ? pitch - 1 : -pitch;
  return {to_east, row, row + to_east, row + to_west};
}

std::array<Index, 4> Stencil::backward_offsets(int colour) const {
  const Index row = 2 * pitch;
  const Index to_east = colour == 0 ? pitch : 1 - pitch;
  const Index to_west = colour == 0 ? pitch - 1 : -pitch;
  return {to_west, -row, to_west - row, to_east - row};
}

void Stencil::fill_ghosts(std::vector<float>& field) const {
  const auto cell = [&](Index i, Index j) {
    const Index colour = i & 1;
    return static_cast<std::size_t>(at(static_cast<int>(colour), (i - colour) / 2, j));
  };
  if (periodic[0]) {
    for (Index j = 0; j < rows; ++j) {
      field[cell(-1, j)] = field[cell(columns - 1, j)];
      field[cell(columns, j)] = field[cell(0, j)];
    }
  }
  if (periodic[1]) {
    std::copy_n(field.begin() + row_begin(rows - 1), 2 * pitch, field.begin() + row_begin(-1));
    std::copy_n(field.begin() + row_begin(0), 2 * pitch, field.begin() + row_begin(rows));
  }
}

}  // namespace wpg
