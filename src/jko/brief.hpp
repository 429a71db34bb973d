#pragma once
#include "simd.hpp"

namespace wpg {

/// A float in two bytes: eight bits of mantissa and the whole range of exponents. For what only preconditions, where
/// time goes into reading it.
class Brief {
 public:
  Brief() = default;
  Brief(float x) : bits_(static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(x) + half) >> 16)) {}
  operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16); }

  static constexpr std::uint32_t half = 0x8000;  ///< of the last bit that is kept

 private:
  std::uint16_t bits_ = 0;
};

using BriefPack = std::uint16_t __attribute__((vector_size(2 * lanes)));
using FloatBits = std::uint32_t __attribute__((vector_size(4 * lanes)));

inline Pack load(const Brief* from) {
  BriefPack p;
  std::memcpy(&p, from, sizeof p);
  return __builtin_convertvector(std::bit_cast<FloatPack>(__builtin_convertvector(p, FloatBits) << 16), Pack);
}
inline void store(Brief* to, Pack p) {
  const auto bits = std::bit_cast<FloatBits>(__builtin_convertvector(p, FloatPack)) + Brief::half;
  const BriefPack b = __builtin_convertvector(bits >> 16, BriefPack);
  std::memcpy(static_cast<void*>(to), &b, sizeof b);
}

}  // namespace wpg
