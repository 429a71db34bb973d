#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace wpg {

/// Doubles that one instruction works on, as a compiler vector type: arithmetic and comparisons act lane by lane.
#if defined(__AVX512F__)
inline constexpr int lanes = 8;
#elif defined(__AVX__)
inline constexpr int lanes = 4;
#else
inline constexpr int lanes = 2;
#endif
using Pack = double __attribute__((vector_size(8 * lanes)));
using PackBits = std::int64_t __attribute__((vector_size(8 * lanes)));
using PackWord = std::uint64_t __attribute__((vector_size(8 * lanes)));

inline Pack broadcast(double x) { return x - Pack{}; }

/// Loads and stores that need no alignment.
inline Pack load(const double* from) {
  Pack p;
  std::memcpy(&p, from, sizeof p);
  return p;
}
inline void store(double* to, Pack p) { std::memcpy(to, &p, sizeof p); }

/// The first `count` <= lanes values, and `rest` in the other lanes.
inline Pack load_some(const double* from, std::ptrdiff_t count, double rest) {
  if (count >= lanes) return load(from);
  Pack p = broadcast(rest);
  std::memcpy(&p, from, static_cast<std::size_t>(count) * sizeof(double));
  return p;
}
inline void store_some(double* to, std::ptrdiff_t count, Pack p) {
  if (count >= lanes) return store(to, p);
  std::memcpy(to, &p, static_cast<std::size_t>(count) * sizeof(double));
}

/// a > b ? a : b and a < b ? a : b: where either is NaN, b.
inline Pack max(Pack a, Pack b) {
#if defined(__AVX512F__)
  return _mm512_max_pd(a, b);
#elif defined(__AVX__)
  return _mm256_max_pd(a, b);
#elif defined(__SSE2__)
  return _mm_max_pd(a, b);
#else
  return a > b ? a : b;
#endif
}
inline Pack min(Pack a, Pack b) {
#if defined(__AVX512F__)
  return _mm512_min_pd(a, b);
#elif defined(__AVX__)
  return _mm256_min_pd(a, b);
#elif defined(__SSE2__)
  return _mm_min_pd(a, b);
#else
  return a < b ? a : b;
#endif
}

/// Whether a >= b in any lane (false for NaN).
inline bool any_at_least(Pack a, Pack b) {
#if defined(__AVX512F__)
  return _mm512_cmp_pd_mask(a, b, _CMP_GE_OQ) != 0;
#elif defined(__AVX__)
  return _mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_GE_OQ)) != 0;
#elif defined(__SSE2__)
  return _mm_movemask_pd(_mm_cmpge_pd(a, b)) != 0;
#else
  return a[0] >= b[0] || a[1] >= b[1];
#endif
}

/// Whether any lane of a comparison holds.
inline bool any(PackBits mask) {
  std::int64_t bits = 0;
  for (int k = 0; k < lanes; ++k) bits |= mask[k];
  return bits != 0;
}

inline double sum(Pack p) {
  double s = 0.0;
  for (int k = 0; k < lanes; ++k) s += p[k];
  return s;
}

inline double largest(Pack p) {
  double m = p[0];
  for (int k = 1; k < lanes; ++k) m = p[k] > m ? p[k] : m;
  return m;
}

inline Pack sqrt(Pack x) {
#if defined(__AVX512F__)
  return _mm512_sqrt_pd(x);
#elif defined(__AVX__)
  return _mm256_sqrt_pd(x);
#elif defined(__SSE2__)
  return _mm_sqrt_pd(x);
#else
  return Pack{std::sqrt(x[0]), std::sqrt(x[1])};
#endif
}

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define WPG_HAS_SHUFFLE 1
#endif
#endif

/// Exchanges the off-diagonal squares of side `side` in every 2 side x 2 side square of the rows a and b.
template <int side, std::size_t... lane>
inline void exchange(Pack& a, Pack& b, std::index_sequence<lane...>) {
#if defined(WPG_HAS_SHUFFLE)
  const Pack low = __builtin_shufflevector(a, b, ((lane & side) ? lanes + lane - side : lane)...);
  const Pack high = __builtin_shufflevector(a, b, ((lane & side) ? lanes + lane : lane + side)...);
  a = low;
  b = high;
#else
  ((lane & side ? void() : std::swap(reinterpret_cast<double*>(&b)[lane], reinterpret_cast<double*>(&a)[lane + side])),
   ...);
#endif
}

template <int side = 1>
inline void transpose(Pack (&rows)[lanes]) {
  for (int i = 0; i < lanes; ++i) {
    if ((i & side) == 0) exchange<side>(rows[i], rows[i + side], std::make_index_sequence<lanes>());
  }
  if constexpr (2 * side < lanes) transpose<2 * side>(rows);
}

template <std::size_t... lane>
inline void separate(Pack a, Pack b, Pack& even, Pack& odd, std::index_sequence<lane...>) {
#if defined(WPG_HAS_SHUFFLE)
  even = __builtin_shufflevector(a, b, (2 * lane)...);
  odd = __builtin_shufflevector(a, b, (2 * lane + 1)...);
#else
  ((even[lane] = 2 * lane < lanes ? a[(2 * lane) % lanes] : b[(2 * lane) % lanes],
    odd[lane] = 2 * lane < lanes ? a[(2 * lane + 1) % lanes] : b[(2 * lane + 1) % lanes]),
   ...);
#endif
}

/// The values with even and with odd index of the sequence a, b.
inline void separate(Pack a, Pack b, Pack& even, Pack& odd) {
  separate(a, b, even, odd, std::make_index_sequence<lanes>());
}

template <std::size_t... lane>
inline void interleave(Pack even, Pack odd, Pack& a, Pack& b, std::index_sequence<lane...>) {
#if defined(WPG_HAS_SHUFFLE)
  a = __builtin_shufflevector(even, odd, (lane / 2 + lane % 2 * lanes)...);
  b = __builtin_shufflevector(even, odd, ((lane + lanes) / 2 + lane % 2 * lanes)...);
#else
  ((a[lane] = lane % 2 == 0 ? even[lane / 2] : odd[lane / 2],
    b[lane] = lane % 2 == 0 ? even[(lane + lanes) / 2] : odd[(lane + lanes) / 2]),
   ...);
#endif
}

/// The sequence a, b from its values with even and with odd index.
inline void interleave(Pack even, Pack odd, Pack& a, Pack& b) {
  interleave(even, odd, a, b, std::make_index_sequence<lanes>());
}

/// As many values in single precision, and back.
using FloatPack = float __attribute__((vector_size(4 * lanes)));
inline Pack load(const float* from) {
  FloatPack p;
  std::memcpy(&p, from, sizeof p);
  return __builtin_convertvector(p, Pack);
}
inline void store(float* to, Pack p) {
  const FloatPack f = __builtin_convertvector(p, FloatPack);
  std::memcpy(to, &f, sizeof f);
}

/// exp(x) to 1 ulp for x in [-708, 709]; anything for other x.
/// x = n ln 2 + r with |r| <= ln(2)/2; the Taylor polynomial of degree 13 of exp(r) errs by 4e-18.
inline Pack exp_in_range(Pack x) {
  constexpr double round_to_integer = 0x1.8p52;
  const Pack shifted = x * 0x1.71547652b82fep0 + round_to_integer;
  const Pack n = shifted - round_to_integer;
  const Pack r = (x - n * 0x1.62e42fefa38p-1) - n * 0x1.ef35793c7673p-45;
  const Pack r2 = r * r;
  const Pack r4 = r2 * r2;
  const Pack p01 = 1.0 + r;
  const Pack p23 = 1.0 / 2 + r * (1.0 / 6);
  const Pack p45 = 1.0 / 24 + r * (1.0 / 120);
  const Pack p67 = 1.0 / 720 + r * (1.0 / 5040);
  const Pack p89 = 1.0 / 40320 + r * (1.0 / 362880);
  const Pack pab = 1.0 / 3628800 + r * (1.0 / 39916800);
  const Pack pcd = 1.0 / 479001600 + r * (1.0 / 6227020800.0);
  const Pack high = (p89 + r2 * pab) + r4 * pcd;
  const Pack value = (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * high);
  const PackBits scale = std::bit_cast<PackBits>(shifted) << 52;
  return std::bit_cast<Pack>(std::bit_cast<PackBits>(value) + scale);
}

/// The same for x <= 709: 0 below -708, -infinity included.
inline Pack exp(Pack x) { return x < -708.0 ? Pack{} : exp_in_range(x); }

/// log(x) to 2 ulp for x = 0 (-infinity) and positive normal x.
/// x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m - 1)/(m + 1), s^2 <= 0.0295.
inline Pack log(Pack x) {
  constexpr auto one = std::bit_cast<std::int64_t>(1.0);
  const PackBits bits = std::bit_cast<PackBits>(x);
  // Adding the distance from sqrt(1/2) to 1 moves the exponent's carry to where m would reach sqrt(2).
  const PackBits carried = bits + (one - std::bit_cast<std::int64_t>(0x1.6a09e667f3bcdp-1));
  const Pack m = std::bit_cast<Pack>(bits - (carried & (std::int64_t{0x7ff} << 52)) + one);
  // The biased exponent in the last places of 2^52 becomes a number without a conversion from integers.
  const auto biased = __builtin_convertvector(carried, PackWord) >> 52;
  const Pack exponent = std::bit_cast<Pack>(biased | std::bit_cast<std::uint64_t>(0x1p52)) - (0x1p52 + 1023.0);
  const Pack s = (m - 1.0) / (m + 1.0);
  const Pack z = s * s;
  const Pack z2 = z * z;
  const Pack z4 = z2 * z2;
  const Pack low = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9));
  const Pack high = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17)) + z4 * (2.0 / 19 + z * (2.0 / 21));
  const Pack series = s * z * (low + z4 * high);
  const Pack value = exponent * 0x1.62e42fefa38p-1 + (2.0 * s + (series + exponent * 0x1.ef35793c7673p-45));
  return x > 0.0 ? value : broadcast(-std::numeric_limits<double>::infinity());
}

}  // namespace wpg
