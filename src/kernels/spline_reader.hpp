#pragma once
#include <complex>
#include <vector>

#include "simd.hpp"
#include "wpg/grid.hpp"

namespace wpg {

/// Reads functions that are known on the integers between them, as sums of cardinal B-splines of `order` (degree
/// order - 1, centred): f(s) = sum_z c_z M(s - z), of which the coefficients' Fourier transform is that of f divided by
/// exp(order log_transform(k)), as in a nonuniform FFT (Beylkin 1995).
///
/// For f = G w, a Gaussian of standard deviation `spread` on w >= 0, the error is the spline's alias: the mode k comes
/// with (k / (k - 2 pi))^order of itself. Since E|He_p(Z)| <= sqrt(p!), that is at most about
/// 2 sqrt(p!) / (2 pi spread - sqrt(p))^p of the largest w, with p = order; sqrt(p)/spread are the modes that count
/// most.
class SplineReader {
 public:
  /// The error that every admissible spread keeps, in units of the largest w.
  static constexpr double accuracy = 2e-15;
  /// The smallest spread, in cells, for which it does.
  static constexpr double narrowest = 4.4;
  /// On either side of a point that is read.
  static constexpr Index reach = 8;

  static constexpr std::size_t bytes_per_point = 4 * reach * sizeof(double);

  /// For at most `points` points.
  explicit SplineReader(Index points);

  /// The smallest order, 8, 12 or 16, that serves a spread of at least `narrowest`.
  static int order_for(double spread);
  /// log of the Fourier transform of the spline of order 1, log(sin(k/2) / (k/2)), |k| <= pi.
  static double log_transform(double k);

  /// Sets the points, `reach` or more inside the lines that are read.
  void place(const std::vector<double>& positions, int order);
  /// Point i is read as zero until points are placed again.
  void silence(Index i);
  /// `pairs` pairs of real lines, packed as the parts of complex numbers, pair p from c + p pitch on, at all points:
  /// put(i, p, first value, second value).
  template <class Put>
  void read(const std::complex<double>* c, Index pitch, Index pairs, Put&& put) const {
    const auto* const parts = reinterpret_cast<const double*>(c);
    if (order_ == 8) return read_as<8>(parts, 2 * pitch, pairs, put);
    order_ == 12 ? read_as<12>(parts, 2 * pitch, pairs, put) : read_as<16>(parts, 2 * pitch, pairs, put);
  }

 private:
  template <int order>
  void place_as(const std::vector<double>& positions);
  template <int order, class Put>
  void read_as(const double* c, Index pitch, Index pairs, Put&& put) const;

  int order_ = 0;
  std::size_t count_ = 0;
  std::vector<Index> start_;     ///< the first coefficient that counts
  std::vector<double> weights_;  ///< [point][coefficient], each twice, for the two parts
};

template <int order, class Put>
void SplineReader::read_as(const double* c, Index pitch, Index pairs, Put&& put) const {
  const double* weight = weights_.data();
  for (std::size_t i = 0; i < count_; ++i) {
    const double* from = c + 2 * start_[i];
    for (Index p = 0; p < pairs; ++p) {
      Pack total = load(weight) * load(from);
      for (int k = lanes; k < 2 * order; k += lanes) total += load(weight + k) * load(from + k);
      double first = total[0];
      double second = total[1];
      for (int k = 2; k < lanes; k += 2) {
        first += total[k];
        second += total[k + 1];
      }
      put(static_cast<Index>(i), p, first, second);
      from += pitch;
    }
    weight += Index{2} * order;
  }
}

}  // namespace wpg
