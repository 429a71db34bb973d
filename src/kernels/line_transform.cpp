#include "line_transform.hpp"

#include <algorithm>
#include <complex>
#include <numeric>

namespace wpg {
namespace {

/// Points of a block that stay in the first-level cache with their twiddles.
constexpr auto cached_points = static_cast<Index>(16384 / sizeof(ComplexPack));

/// The radices that a length is made of, in the order of the passes; none if one would be larger than `largest`.
std::vector<Index> radices(Index length, Index largest) {
  std::vector<Index> found;
  int twos = 0;
  for (; length % 2 == 0; length /= 2) ++twos;
  for (Index odd = 3; length > 1; odd += 2) {
    if (odd > largest) return {};
    for (; length % odd == 0; length /= odd) found.push_back(odd);
  }
  // Most of all fours; the odd radices first, where there are fewest blocks; an eight last, where it meets no twiddles.
  if (twos == 1) found.push_back(2);
  std::reverse(found.begin(), found.end());
  found.insert(found.end(), static_cast<std::size_t>(twos % 2 == 0 ? twos / 2 : std::max(0, twos - 3) / 2), 4);
  if (twos >= 3 && twos % 2 == 1) found.push_back(8);
  return found;
}

}  // namespace

double LineTransform::passes_worth(Index length) {
  // Of Bluestein's and Rader's convolutions, in FFTW.
  constexpr double elsewhere = 80.0;
  const std::vector<Index> all = radices(length, largest_radix);
  if (all.empty()) return elsewhere;
  constexpr double own[] = {0.0, 0.0, 0.8, 1.0, 1.0, 1.4, 0.0, 2.4, 1.6};
  const auto cost = [&](double time, Index radix) {
    return time + (radix <= 8 ? own[radix] : 0.35 * static_cast<double>(radix));
  };
  return std::accumulate(all.begin(), all.end(), 0.0, cost);
}

Index LineTransform::good_length(Index at_least) {
  // Reading and writing a line takes as long as a pass.
  const auto time = [](Index length) { return (1.0 + passes_worth(length)) * static_cast<double>(length); };
  Index best = 0;
  for (Index length = at_least; length <= 2 * at_least; ++length) {
    if (!radices(length, 5).empty() && (best == 0 || time(length) < time(best))) best = length;
  }
  return best;
}

LineTransform::LineTransform(Index length) : length_(length), frequencies_(static_cast<std::size_t>(length)) {
  Index block = length;
  for (const Index radix : radices(length, largest_radix)) passes_.emplace_back(radix, block /= radix);
  if (passes_.empty()) other_.emplace(length);
  for (Index k = 0; k < length; ++k) {
    // The last digit of a frequency, to the first radix, is the number of its block, and so on.
    Index place = passes_.empty() ? k : 0;
    Index digits = k;
    for (const LinePass& pass : passes_) {
      place += digits % pass.radix * pass.below;
      digits /= pass.radix;
    }
    frequencies_[static_cast<std::size_t>(place)] = k;
  }
}

/// The end of the passes that are done one after the other on a whole block of pass `first`: all that follow if the
/// block fits into the cache; else this one alone, and then block by block.
std::size_t LineTransform::together(std::size_t first) const {
  return passes_[first].points() <= cached_points ? passes_.size() : first + 1;
}

void LineTransform::forward(ComplexPack* z, std::size_t first) const {
  const Index points = passes_[first].points();
  const std::size_t end = together(first);
  for (std::size_t k = first; k < end; ++k) run_pass<Sense::forward>(passes_[k], z, points / passes_[k].points());
  if (end == passes_.size()) return;
  for (Index at = 0; at < points; at += passes_[first].below) forward(z + at, end);
}

void LineTransform::backward(ComplexPack* z, std::size_t first) const {
  const Index points = passes_[first].points();
  const std::size_t end = together(first);
  for (Index at = 0; at < points && end < passes_.size(); at += passes_[first].below) backward(z + at, end);
  for (std::size_t k = end; k-- > first;) run_pass<Sense::backward>(passes_[k], z, points / passes_[k].points());
}

void LineTransform::convolve(ComplexPack* z, const double* factors, std::size_t first) const {
  const Index points = passes_[first].points();
  const std::size_t last = passes_.size() - 1;
  const std::size_t end = std::min(together(first), last);
  for (std::size_t k = first; k < end; ++k) run_pass<Sense::forward>(passes_[k], z, points / passes_[k].points());
  if (end == last) {
    run_innermost(passes_[last], z, points / passes_[last].points(), factors);
  } else {
    for (Index at = 0; at < points; at += passes_[first].below) convolve(z + at, factors + at, end);
  }
  for (std::size_t k = end; k-- > first;) run_pass<Sense::backward>(passes_[k], z, points / passes_[k].points());
}

Index LineTransform::points() const {
  if (!other_) return length_;
  constexpr Index unit = FourierTransform::alignment;
  return (length_ + unit - 1) / unit * unit * (1 + 2 / lanes + (2 % lanes != 0 ? 1 : 0));
}

/// Each line by FFTW, between two buffers behind the packs.
void LineTransform::one_by_one(ComplexPack* z, Sense sense) const {
  constexpr Index unit = FourierTransform::alignment;
  const Index rounded = (length_ + unit - 1) / unit * unit;
  auto* const in = reinterpret_cast<std::complex<double>*>(z + rounded);
  std::complex<double>* const out = in + rounded;
  for (int lane = 0; lane < lanes; ++lane) {
    for (Index j = 0; j < length_; ++j) in[j] = {z[j].re[lane], z[j].im[lane]};
    sense == Sense::forward ? other_->forward(in, out) : other_->backward(in, out);
    for (Index j = 0; j < length_; ++j) {
      z[j].re[lane] = out[j].real();
      z[j].im[lane] = out[j].imag();
    }
  }
}

void LineTransform::forward(ComplexPack* z) const { other_ ? one_by_one(z, Sense::forward) : forward(z, 0); }

void LineTransform::backward(ComplexPack* z) const { other_ ? one_by_one(z, Sense::backward) : backward(z, 0); }

void LineTransform::convolve(ComplexPack* z, const double* factors) const {
  if (!other_) return convolve(z, factors, 0);
  forward(z);
  for (Index k = 0; k < length_; ++k) z[k] = factors[k] * z[k];
  backward(z);
}

std::size_t LineTransform::memory() const {
  std::size_t bytes = frequencies_.size() * sizeof(Index);
  for (const LinePass& pass : passes_) bytes += (pass.twiddles.size() + pass.roots.size()) * sizeof(Twiddle);
  return bytes;
}

}  // namespace wpg
