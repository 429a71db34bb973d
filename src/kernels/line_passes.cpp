#include "line_passes.hpp"

#include <cmath>

namespace wpg {
namespace {

/// Calls body.operator()<radix>() where there is a butterfly for the radix, and tells whether.
template <class Body>
bool with_radix(Index radix, Body&& body) {
  switch (radix) {
    case 2:
      return body.template operator()<2>(), true;
    case 3:
      return body.template operator()<3>(), true;
    case 4:
      return body.template operator()<4>(), true;
    case 5:
      return body.template operator()<5>(), true;
    case 7:
      return body.template operator()<7>(), true;
    case 8:
      return body.template operator()<8>(), true;
    default:
      return false;
  }
}

/// Twiddles come after the butterfly forward, conjugate, and before it backward.
template <Sense sense, Index radix>
void small_pass(ComplexPack* z, Index blocks, Index below, const Twiddle* twiddles) {
  constexpr bool forward = sense == Sense::forward;
  for (Index b = 0; b < blocks; ++b, z += radix * below) {
    const Twiddle* w = twiddles;
    for (Index j = 0; j < below; ++j, w += radix - 1) {
      std::array<ComplexPack, radix> x;
      x[0] = in_register(z[j]);
      for (Index p = 1; p < radix; ++p) {
        x[p] = in_register(z[j + p * below]);
        if (!forward) x[p] = w[p - 1] * x[p];
      }
      butterfly<sense>(x);
      z[j] = x[0];
      for (Index p = 1; p < radix; ++p) z[j + p * below] = forward ? conj_times(w[p - 1], x[p]) : x[p];
    }
  }
}

/// As butterfly() for odd radices; the terms of x_k and x_{radix-k} share their products.
template <Sense sense>
void prime_butterfly(ComplexPack* x, Index radix, const Twiddle* roots) {
  std::array<ComplexPack, largest_radix / 2> sum;
  std::array<ComplexPack, largest_radix / 2> difference;
  const Index half = radix / 2;
  const ComplexPack first = x[0];
  for (Index j = 1; j <= half; ++j) {
    sum[j - 1] = x[j] + x[radix - j];
    difference[j - 1] = quarter_turn<sense>(x[j] - x[radix - j]);
    x[0] = x[0] + sum[j - 1];
  }
  for (Index k = 1; k <= half; ++k) {
    ComplexPack even = first;
    ComplexPack odd{};
    for (Index j = 1, turn = k; j <= half; ++j, turn += turn + k < radix ? k : k - radix) {
      even = even + roots[turn].re * sum[j - 1];
      odd = odd + roots[turn].im * difference[j - 1];
    }
    x[k] = even + odd;
    x[radix - k] = even - odd;
  }
}

template <Sense sense>
void prime_pass(const LinePass& pass, ComplexPack* z, Index blocks) {
  std::array<ComplexPack, largest_radix> x;
  for (Index b = 0; b < blocks; ++b, z += pass.radix * pass.below) {
    const Twiddle* w = pass.twiddles.data();
    for (Index j = 0; j < pass.below; ++j, w += pass.radix - 1) {
      constexpr bool forward = sense == Sense::forward;
      ComplexPack* const at = z + j;
      x[0] = at[0];
      for (Index p = 1; p < pass.radix; ++p) x[p] = forward ? at[p * pass.below] : w[p - 1] * at[p * pass.below];
      prime_butterfly<sense>(x.data(), pass.radix, pass.roots.data());
      at[0] = x[0];
      for (Index p = 1; p < pass.radix; ++p) at[p * pass.below] = forward ? conj_times(w[p - 1], x[p]) : x[p];
    }
  }
}

Twiddle root_of_unity(Index k, Index n) {
  const double angle = 2.0 * M_PI * static_cast<double>(k) / static_cast<double>(n);
  return {std::cos(angle), std::sin(angle)};
}

}  // namespace

LinePass::LinePass(Index of, Index into) : radix(of), below(into) {
  for (Index j = 0; j < below; ++j) {
    for (Index p = 1; p < radix; ++p) twiddles.push_back(root_of_unity(j * p, radix * below));
  }
  if (with_radix(radix, []<Index>() {})) return;
  for (Index k = 0; k < radix; ++k) roots.push_back(root_of_unity(k, radix));
}

template <Sense sense>
void run_pass(const LinePass& pass, ComplexPack* z, Index blocks) {
  const auto small = [&]<Index radix>() { small_pass<sense, radix>(z, blocks, pass.below, pass.twiddles.data()); };
  if (!with_radix(pass.radix, small)) prime_pass<sense>(pass, z, blocks);
}
template void run_pass<Sense::forward>(const LinePass&, ComplexPack*, Index);
template void run_pass<Sense::backward>(const LinePass&, ComplexPack*, Index);

void run_innermost(const LinePass& pass, ComplexPack* z, Index blocks, const double* factors) {
  const auto small = [&]<Index radix>() {
    for (Index b = 0; b < blocks; ++b, z += radix, factors += radix) {
      std::array<ComplexPack, radix> x;
      for (Index p = 0; p < radix; ++p) x[p] = z[p];
      butterfly<Sense::forward>(x);
      for (Index p = 0; p < radix; ++p) x[p] = factors[p] * x[p];
      butterfly<Sense::backward>(x);
      for (Index p = 0; p < radix; ++p) z[p] = x[p];
    }
  };
  if (with_radix(pass.radix, small)) return;
  prime_pass<Sense::forward>(pass, z, blocks);
  for (Index k = 0; k < blocks * pass.radix; ++k) z[k] = factors[k] * z[k];
  prime_pass<Sense::backward>(pass, z, blocks);
}

}  // namespace wpg
