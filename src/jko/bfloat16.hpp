#pragma once
#include "simd.hpp"

namespace wpg {

/// A float in two bytes (bfloat16): eight bits of mantissa and the whole range of exponents. For what only
/// preconditions, where time goes into reading it.
class Bfloat16 {
 public:
  Bfloat16() = default;
  Bfloat16(float x) : bits_(static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(x) + half) >> 16)) {}
  operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16); }

  static constexpr std::uint32_t half = 0x8000;  ///< of the last bit that is kept

 private:
  std::uint16_t bits_ = 0;
};

using Bfloat16Pack = std::uint16_t __attribute__((vector_size(2 * lanes)));
using FloatBits = std::uint32_t __attribute__((vector_size(4 * lanes)));

inline Pack load(const Bfloat16* from) {
  Bfloat16Pack p;
  std::memcpy(&p, from, sizeof p);
  return __builtin_convertvector(std::bit_cast<FloatPack>(__builtin_convertvector(p, FloatBits) << 16), Pack);
}
inline void store(Bfloat16* to, Pack p) {
  const auto bits = std::bit_cast<FloatBits>(__builtin_convertvector(p, FloatPack)) + Bfloat16::half;
  const Bfloat16Pack b = __builtin_convertvector(bits >> 16, Bfloat16Pack);
  std::memcpy(static_cast<void*>(to), &b, sizeof b);
}

}  // namespace wpg
