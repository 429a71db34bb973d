#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
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

/// The same, in a register from here on: compilers take operands from memory to cost nothing, and read again what they
/// have read.
inline Pack in_register(Pack p) {
#if defined(__SSE2__)
  asm("" : "+v"(p));
#endif
  return p;
}

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

/// Calls body(i, count) for the values from i on, `count` <= lanes at a time: a constant, except for the last.
template <class Body>
inline void in_packs(std::ptrdiff_t size, Body&& body) {
  std::ptrdiff_t i = 0;
  for (; i + lanes <= size; i += lanes) body(i, std::integral_constant<std::ptrdiff_t, lanes>());
  if (i < size) body(i, size - i);
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

inline Pack abs(Pack a) {
  return std::bit_cast<Pack>(std::bit_cast<PackBits>(a) & std::numeric_limits<std::int64_t>::max());
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

/// The largest of all lanes, none of which may be NaN.
inline double largest(Pack p) {
#if defined(__AVX512F__)
  return _mm512_reduce_max_pd(p);
#elif defined(__AVX__)
  const __m128d pair = _mm_max_pd(_mm256_castpd256_pd128(p), _mm256_extractf128_pd(p, 1));
  return _mm_cvtsd_f64(_mm_max_sd(pair, _mm_unpackhi_pd(pair, pair)));
#else
  return p[0] > p[1] ? p[0] : p[1];
#endif
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

}  // namespace wpg
