#pragma once
#include <vector>

#include "kernels/butterfly.hpp"
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

  static constexpr std::size_t bytes_per_point = 2 * reach * sizeof(double);

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
  /// The points of a real line c, behind which stand `lanes` more finite numbers: put(i, value).
  template <class Put>
  void read(const double* c, Put&& put) const {
    with_order([&]<int order>() { read_line<order>(c, put); });
  }
  /// The points begin ... end - 1 of lines in lockstep: put(i, values).
  template <class Put>
  void read(const ComplexPack* c, Index begin, Index end, Put&& put) const {
    with_order([&]<int order>() { read_packs<order>(c, begin, end, put); });
  }

 private:
  /// The weights of a point fill whole packs, with zeros at the end.
  static constexpr Index pitch(int order) { return (order + lanes - 1) / lanes * Index{lanes}; }
  template <int order>
  void place_as(const std::vector<double>& positions);
  template <int order, class Put>
  void read_line(const double* c, Put&& put) const;
  template <int order, class Put>
  void read_packs(const ComplexPack* c, Index begin, Index end, Put&& put) const;
  template <class Body>
  void with_order(Body&& body) const {
    if (order_ == 8) return body.template operator()<8>();
    order_ == 12 ? body.template operator()<12>() : body.template operator()<16>();
  }

  int order_ = 0;
  std::size_t count_ = 0;
  std::vector<Index> start_;     ///< the first coefficient that counts
  std::vector<double> weights_;  ///< [point][coefficient, up to pitch]
};

template <int order, class Put>
void SplineReader::read_line(const double* c, Put&& put) const {
  const double* weight = weights_.data();
  for (std::size_t i = 0; i < count_; ++i, weight += pitch(order)) {
    const double* const from = c + start_[i];
    Pack total = load(weight) * load(from);
    for (int k = lanes; k < order; k += lanes) total += load(weight + k) * load(from + k);
    put(static_cast<Index>(i), sum(total));
  }
}

template <int order, class Put>
void SplineReader::read_packs(const ComplexPack* c, Index begin, Index end, Put&& put) const {
  const double* weight = weights_.data() + begin * pitch(order);
  for (Index i = begin; i < end; ++i, weight += pitch(order)) {
    const ComplexPack* const from = c + start_[static_cast<std::size_t>(i)];
    ComplexPack total = weight[0] * from[0];
    for (int k = 1; k < order; ++k) total = total + weight[k] * from[k];
    put(i, total);
  }
}

}  // namespace wpg
