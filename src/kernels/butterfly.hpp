#pragma once
#include <array>

#include "simd.hpp"

namespace wpg {

/// The same point of `lanes` neighbouring complex lines: whatever is done to it is done to all of them in lockstep.
struct ComplexPack {
  Pack re, im;
};

/// The real parts, of the first half of 2 `lanes` lines of numbers, or the imaginary ones, of the second.
inline Pack& part(ComplexPack& z, std::size_t half) { return half == 0 ? z.re : z.im; }
inline const Pack& part(const ComplexPack& z, std::size_t half) { return half == 0 ? z.re : z.im; }

inline ComplexPack in_register(const ComplexPack& z) { return {in_register(z.re), in_register(z.im)}; }

inline ComplexPack operator+(const ComplexPack& a, const ComplexPack& b) { return {a.re + b.re, a.im + b.im}; }
inline ComplexPack operator-(const ComplexPack& a, const ComplexPack& b) { return {a.re - b.re, a.im - b.im}; }
inline ComplexPack operator*(double s, const ComplexPack& a) { return {s * a.re, s * a.im}; }

/// A complex number that is the same for all lines: exp(2 pi i turn).
struct Twiddle {
  double re, im;
};
inline ComplexPack operator*(const Twiddle& w, const ComplexPack& a) {
  return {w.re * a.re - w.im * a.im, w.re * a.im + w.im * a.re};
}

/// conj(w) a, without a change of sign that takes time.
inline ComplexPack conj_times(const Twiddle& w, const ComplexPack& a) {
  return {w.re * a.re + w.im * a.im, w.re * a.im - w.im * a.re};
}

/// The sign of the exponent of a transform.
enum class Sense { forward = -1, backward = 1 };

/// a times -i forward, i backward.
template <Sense sense>
ComplexPack quarter_turn(const ComplexPack& a) {
  return sense == Sense::forward ? ComplexPack{a.im, -a.re} : ComplexPack{-a.im, a.re};
}

/// cos and sin of 2 pi k / radix for k = 1 ... radix/2.
template <std::size_t radix>
struct Roots;
template <>
struct Roots<3> {
  static constexpr double cos[] = {-0.5};
  static constexpr double sin[] = {0.86602540378443864676};
};
template <>
struct Roots<5> {
  static constexpr double cos[] = {0.30901699437494742410, -0.80901699437494742410};
  static constexpr double sin[] = {0.95105651629515357212, 0.58778525229247312917};
};
template <>
struct Roots<7> {
  static constexpr double cos[] = {0.62348980185873353053, -0.22252093395631440429, -0.90096886790241912624};
  static constexpr double sin[] = {0.78183148246802980871, 0.97492791218182360702, 0.43388373911755812048};
};

/// The discrete Fourier transform of the `radix` numbers x, in place: x_k = sum_j x_j exp(+-2 pi i j k / radix). For
/// odd radices by the sums and differences of x_j and x_{radix-j}, which meet the cosines and the sines alone.
template <Sense sense, std::size_t radix>
inline void butterfly(std::array<ComplexPack, radix>& x) {
  constexpr std::size_t half = radix / 2;
  std::array<ComplexPack, half> sum;
  std::array<ComplexPack, half> difference;
  const ComplexPack first = x[0];
  for (std::size_t j = 1; j <= half; ++j) {
    sum[j - 1] = x[j] + x[radix - j];
    difference[j - 1] = quarter_turn<sense>(x[j] - x[radix - j]);
    x[0] = x[0] + sum[j - 1];
  }
  for (std::size_t k = 1; k <= half; ++k) {
    ComplexPack even = first;
    ComplexPack odd{};
    for (std::size_t j = 1; j <= half; ++j) {
      const std::size_t turn = j * k % radix;
      const bool beyond = turn > half;
      even = even + Roots<radix>::cos[(beyond ? radix - turn : turn) - 1] * sum[j - 1];
      odd = odd + (beyond ? -Roots<radix>::sin[radix - turn - 1] : Roots<radix>::sin[turn - 1]) * difference[j - 1];
    }
    x[k] = even + odd;
    x[radix - k] = even - odd;
  }
}

template <Sense sense>
inline void butterfly(std::array<ComplexPack, 2>& x) {
  const ComplexPack a = x[0];
  x[0] = a + x[1];
  x[1] = a - x[1];
}

template <Sense sense>
inline void butterfly(std::array<ComplexPack, 4>& x) {
  const ComplexPack a = x[0] + x[2];
  const ComplexPack b = x[0] - x[2];
  const ComplexPack c = x[1] + x[3];
  const ComplexPack d = quarter_turn<sense>(x[1] - x[3]);
  x = {a + c, b + d, a - c, b - d};
}

/// Of the numbers with even and with odd index, by two transforms of four.
template <Sense sense>
inline void butterfly(std::array<ComplexPack, 8>& x) {
  constexpr double diagonal = 0.70710678118654752440;
  std::array<ComplexPack, 4> even{x[0], x[2], x[4], x[6]};
  std::array<ComplexPack, 4> odd{x[1], x[3], x[5], x[7]};
  butterfly<sense>(even);
  butterfly<sense>(odd);
  odd[1] = diagonal * (odd[1] + quarter_turn<sense>(odd[1]));
  odd[2] = quarter_turn<sense>(odd[2]);
  odd[3] = diagonal * (quarter_turn<sense>(odd[3]) - odd[3]);
  for (std::size_t k = 0; k < 4; ++k) {
    x[k] = even[k] + odd[k];
    x[k + 4] = even[k] - odd[k];
  }
}

}  // namespace wpg
