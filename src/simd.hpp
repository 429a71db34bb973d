#pragma once
#include <bit>
#include <cstdint>
#include <limits>

#include "pack.hpp"

namespace wpg {

/// Steps of the exponent in which exp() has a table of powers of two, and log2 of that number.
#if defined(__AVX512F__)
inline constexpr int power_steps = 16;
inline constexpr int power_bits = 4;
#else
inline constexpr int power_steps = 2;
inline constexpr int power_bits = 1;
#endif

/// The bits of 2^(n / power_steps) for the last digits of n, less n in the place where adding it makes that of any n.
inline PackWord power_of_last(PackWord n) {
#if defined(__AVX512F__)
  const __m512i low = _mm512_set_epi64(0x3feeab07dd485429, 0x3feebfdad5362a27, 0x3feedea64c123422, 0x3fef06fe0a31b715,
                                       0x3fef387a6e756238, 0x3fef72b83c7d517b, 0x3fefb5586cf9890f, 0x3ff0000000000000);
  const __m512i high = _mm512_set_epi64(0x3fefa4afa2a490da, 0x3fef5818dcfba487, 0x3fef199bdd85529c, 0x3feee89f995ad3ad,
                                        0x3feec49182a3f090, 0x3feeace5422aa0db, 0x3feea11473eb0187, 0x3feea09e667f3bcd);
  return std::bit_cast<PackWord>(_mm512_permutex2var_epi64(low, std::bit_cast<__m512i>(n), high));
#else
  constexpr std::uint64_t even = 0x3ff0000000000000;
  constexpr std::uint64_t odd = 0x3feea09e667f3bcd;
#if defined(__AVX__)
  const __m256d both = std::bit_cast<__m256d>(PackWord{even, odd, even, odd});
  return std::bit_cast<PackWord>(_mm256_permutevar_pd(both, std::bit_cast<__m256i>(n << 1)));
#else
  return even ^ ((even ^ odd) & -(n & 1));
#endif
#endif
}

/// Calls body.template operator()<n>(x) for n <= 4 packs at a time. Functions that take several packs do each step for
/// all of them: packs that take turns keep the processor busier than one after the other, and more are too many for its
/// registers.
template <int count, class Body>
inline void in_turns(Pack (&x)[count], Body&& body) {
  constexpr int together = count < 4 ? count : 4;
  static_assert(count % together == 0);
  for (int k = 0; k < count; k += together) body.template operator()<together>(x + k);
}

/// r = exp(r) - 1 for |r| <= ln(2)/2 / power_steps, as r + r^2 p(r), where p interpolates the series 1/2 + r/6 + r^2/24
/// + ... in Chebyshev nodes, five or eight, by which exp(r) errs by 6e-17.
template <int count>
inline void exp_less_one(Pack* r) {
  Pack r2[count], p[count], q[count];
  for (int k = 0; k < count; ++k) r2[k] = r[k] * r[k];
#if defined(__AVX512F__)
  for (int k = 0; k < count; ++k) p[k] = 0x1.55555555190f9p-5 + r[k] * 0x1.11120b77051e7p-7;
  for (int k = 0; k < count; ++k) q[k] = 0x1p-1 + r[k] * 0x1.55555554dcc9bp-3;
  for (int k = 0; k < count; ++k) p[k] = p[k] + r2[k] * 0x1.6c17bbd1f560ap-10;
  for (int k = 0; k < count; ++k) p[k] = q[k] + r2[k] * p[k];
#else
  // Even and odd powers.
  for (int k = 0; k < count; ++k) p[k] = 0x1.6c16bc0fff3f4p-10 + r2[k] * 0x1.a06140aaaa71p-16;
  for (int k = 0; k < count; ++k) q[k] = 0x1.a019fdba47945p-13 + r2[k] * 0x1.72120a738b751p-19;
  for (int k = 0; k < count; ++k) p[k] = 0x1.555555559763fp-5 + r2[k] * p[k];
  for (int k = 0; k < count; ++k) q[k] = 0x1.111111112915fp-7 + r2[k] * q[k];
  for (int k = 0; k < count; ++k) p[k] = 0x1.fffffffffffep-2 + r2[k] * p[k];
  for (int k = 0; k < count; ++k) q[k] = 0x1.555555555555p-3 + r2[k] * q[k];
  for (int k = 0; k < count; ++k) p[k] = p[k] + r[k] * q[k];
#endif
  for (int k = 0; k < count; ++k) r[k] = r[k] + r2[k] * p[k];
}

/// x = exp(x) to 1.7 ulp for x in [-708, 709]; anything for other x.
/// x = n ln 2 / power_steps + r; exp(x) = 2^(n / power_steps) (1 + (exp(r) - 1)).
template <int number>
inline void exp_in_range(Pack (&packs)[number]) {
  in_turns(packs, []<int count>(Pack* x) {
    constexpr double round_to_integer = 0x1.8p52;
    Pack shifted[count], n[count], r[count];
    for (int k = 0; k < count; ++k) shifted[k] = x[k] * (power_steps * 0x1.71547652b82fep0) + round_to_integer;
    for (int k = 0; k < count; ++k) n[k] = shifted[k] - round_to_integer;
    for (int k = 0; k < count; ++k) r[k] = x[k] - n[k] * (0x1.62e42fefa38p-1 / power_steps);
    for (int k = 0; k < count; ++k) r[k] = r[k] - n[k] * (0x1.ef35793c7673p-45 / power_steps);
    exp_less_one<count>(r);
    for (int k = 0; k < count; ++k) {
      const PackWord bits = std::bit_cast<PackWord>(shifted[k]);
      const Pack scale = std::bit_cast<Pack>(power_of_last(bits) + (bits << (52 - power_bits)));
      x[k] = scale + scale * r[k];
    }
  });
}
inline Pack exp_in_range(Pack x) {
  Pack value[] = {x};
  exp_in_range(value);
  return value[0];
}

/// exp(x) for x <= 709: 0 below -708, -infinity included.
inline Pack exp(Pack x) {
  const Pack value = exp_in_range(x);
  return x < -708.0 ? Pack{} : value;
}

/// x = log(x) to 2.1 ulp for positive normal x; anything for other x.
/// x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s) = 2 s (1 + z p(z)) with s = (m - 1)/(m + 1) and z = s^2
/// <= 0.0295, where p interpolates the series 1/3 + 1/5 z + 1/7 z^2 + ... in seven Chebyshev nodes, by which log m errs
/// by 5e-18 of itself.
template <int number>
inline void log_of_normal(Pack (&packs)[number]) {
  constexpr auto root_half = std::bit_cast<std::uint64_t>(0x1.6a09e667f3bcdp-1);
  constexpr std::uint64_t mantissa = (std::uint64_t{1} << 52) - 1;
  in_turns(packs, []<int count>(Pack* x) {
    Pack exponent[count], s[count], z[count], p[count];
    for (int k = 0; k < count; ++k) {
      // Adding the distance from sqrt(1/2) to 1 moves the exponent's carry to where m would reach sqrt(2).
      const PackWord carried = std::bit_cast<PackWord>(x[k]) + (std::bit_cast<std::uint64_t>(1.0) - root_half);
      const Pack m = std::bit_cast<Pack>((carried & mantissa) + root_half);
      s[k] = (m - 1.0) / (m + 1.0);
      // The biased exponent in the last places of 2^52 becomes a number without a conversion from integers.
      exponent[k] = std::bit_cast<Pack>((carried >> 52) | std::bit_cast<std::uint64_t>(0x1p52)) - (0x1p52 + 1023.0);
    }
    for (int k = 0; k < count; ++k) z[k] = s[k] * s[k];
    for (int k = 0; k < count; ++k) s[k] = s[k] + s[k];
    for (int k = 0; k < count; ++k) p[k] = 0x1.39fe605a606bep-4 + z[k] * 0x1.2b584b3502559p-4;
    for (const double c : {0x1.7462b4ab82cacp-4, 0x1.c71c62e57ee38p-4, 0x1.2492492df149bp-3, 0x1.99999999952e2p-3,
                           0x1.5555555555558p-2}) {
      for (int k = 0; k < count; ++k) p[k] = c + z[k] * p[k];
    }
    for (int k = 0; k < count; ++k) p[k] = s[k] + (s[k] * z[k]) * p[k];
    for (int k = 0; k < count; ++k)
      x[k] = exponent[k] * 0x1.62e42fefa38p-1 + (p[k] + exponent[k] * 0x1.ef35793c7673p-45);
  });
}

/// log(x) to 2.1 ulp for x = 0 (-infinity) and positive normal x.
inline Pack log(Pack x) {
  Pack value[] = {x};
  log_of_normal(value);
  return x > 0.0 ? value[0] : broadcast(-std::numeric_limits<double>::infinity());
}

}  // namespace wpg
