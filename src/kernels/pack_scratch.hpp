#pragma once
#include <vector>

#include "butterfly.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// At least so many packs of scratch of the calling thread, kept between calls.
inline ComplexPack* pack_scratch(Index packs) {
  struct alignas(64) Line {
    double values[8];
  };
  thread_local std::vector<Line> lines;
  const std::size_t needed = (static_cast<std::size_t>(packs) * sizeof(ComplexPack) + sizeof(Line) - 1) / sizeof(Line);
  if (lines.size() < needed) lines.resize(needed);
  return reinterpret_cast<ComplexPack*>(lines.data());
}

}  // namespace wpg
