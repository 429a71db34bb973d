#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <vector>

#include "kernels/line_batch.hpp"
#include "kernels/line_transform.hpp"
#include "wpg/field.hpp"

using namespace wpg;

namespace {

using Complex = std::complex<double>;
using Wide = std::complex<long double>;
constexpr double rounding = std::numeric_limits<double>::epsilon();

/// Each radix alone and with others, several passes of each, primes by direct sums and by FFTW, blocks that fit into
/// the cache and such that do not.
constexpr Index lengths[] = {4,  5,  6,   7,   8,   9,   11,  12,  13,  16,  30,  31,  32,  49,  64,   66,
                             75, 98, 101, 127, 131, 243, 256, 262, 270, 343, 512, 560, 625, 675, 1024, 2048};

Complex at(const ComplexPack& z, int lane) { return {z.re[lane], z.im[lane]}; }

/// Numbers of a transform's lines, all different; the scratch behind them is not a number.
std::vector<ComplexPack> random_lines(const LineTransform& transform) {
  const Pack nan = broadcast(std::numeric_limits<double>::quiet_NaN());
  std::vector<ComplexPack> z(static_cast<std::size_t>(transform.points()), {nan, nan});
  std::mt19937 generator(7);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  for (Index j = 0; j < transform.length(); ++j) {
    for (int lane = 0; lane < lanes; ++lane) {
      z[static_cast<std::size_t>(j)].re[lane] = uniform(generator);
      z[static_cast<std::size_t>(j)].im[lane] = uniform(generator);
    }
  }
  return z;
}

/// sum_j z_j exp(-2 pi i j k / n) of one lane, in extended precision.
Complex direct_sum(const std::vector<ComplexPack>& z, int lane, Index k, Index n) {
  Wide sum = 0;
  for (Index j = 0; j < n; ++j) {
    const long double angle =
        -2.0L * std::acos(-1.0L) * static_cast<long double>(j * k % n) / static_cast<long double>(n);
    sum += Wide(at(z[static_cast<std::size_t>(j)], lane)) * Wide(std::cos(angle), std::sin(angle));
  }
  return Complex(sum);
}

}  // namespace

TEST_CASE("a lockstep transform is the discrete Fourier transform of every lane, at every kind of length") {
  for (const Index n : lengths) {
    CAPTURE(n);
    const LineTransform transform(n);
    const std::vector<ComplexPack> in = random_lines(transform);
    std::vector<ComplexPack> out = in;
    transform.forward(out.data());
    double error = 0.0;
    double largest = 0.0;
    for (Index place = 0; place < n; place += 1 + n / 40) {
      const Index k = transform.frequencies()[static_cast<std::size_t>(place)];
      for (int lane = 0; lane < lanes; ++lane) {
        const Complex oracle = direct_sum(in, lane, k, n);
        error = std::max(error, std::abs(at(out[static_cast<std::size_t>(place)], lane) - oracle));
        largest = std::max(largest, std::abs(oracle));
      }
    }
    // Rounding errors of a pass add up as squares: measured at most 2 epsilons of the largest for small factors, 4 for
    // direct sums over large primes.
    CHECK(error < 6.0 * rounding * largest);
    transform.backward(out.data());
    for (Index j = 0; j < n; ++j) {
      const auto slot = static_cast<std::size_t>(j);
      for (int lane = 0; lane < lanes; ++lane) {
        REQUIRE(std::abs(at(out[slot], lane) / static_cast<double>(n) - at(in[slot], lane)) < 16.0 * rounding);
      }
    }
  }
}

TEST_CASE("a lockstep convolution multiplies every frequency by its factor") {
  for (const Index n : lengths) {
    CAPTURE(n);
    const LineTransform transform(n);
    const std::vector<ComplexPack> in = random_lines(transform);
    std::vector<double> factors;
    for (const Index k : transform.frequencies()) {
      factors.push_back(std::cos(static_cast<double>(std::min(k, n - k))) / static_cast<double>(n));
    }
    std::vector<ComplexPack> once = in;
    transform.convolve(once.data(), factors.data());
    std::vector<ComplexPack> steps = in;
    transform.forward(steps.data());
    for (std::size_t k = 0; k < factors.size(); ++k) steps[k] = factors[k] * steps[k];
    transform.backward(steps.data());
    for (std::size_t j = 0; j < factors.size(); ++j) {
      for (int lane = 0; lane < lanes; ++lane) {
        REQUIRE(std::abs(at(once[j], lane) - at(steps[j], lane)) < 16.0 * rounding);
      }
    }
  }
}

TEST_CASE("padded lengths have small factors and are little longer than asked for") {
  for (const Index n : {4, 7, 31, 101, 257, 265, 523, 1033, 2100, 8200}) {
    Index length = LineTransform::good_length(n);
    CHECK(length >= n);
    CHECK(length <= n + n / 6 + 1);
    for (const Index factor : {2, 3, 5}) {
      while (length % factor == 0) length /= factor;
    }
    CHECK(length == 1);
  }
}

TEST_CASE("lines of very different size share no rounding in a batch, and lines of zeros give zeros") {
  for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic, Boundary::free}) {
    for (const int axis : {0, 1}) {
      // One line more than a batch holds: whole and partial batches, rows and columns.
      const Index across = LineBatch::width + 1;
      const Axis along{45, 0.0, 1.0, boundary};
      const Axis other{across, 0.0, 1.0, boundary};
      const Grid grid(axis == 0 ? std::vector<Axis>{along, other} : std::vector<Axis>{other, along});
      const Lines all = lines(grid, axis);
      const LineConvolution convolution(along, 0.001);
      std::vector<ComplexPack> memory(static_cast<std::size_t>(convolution.points()));
      Values even = sample(grid, [](const Point& x) { return 1.5 + std::sin(9.0 * x[0] - 7.0 * x[1]); }).values;
      Values uneven = even;
      const auto scale = [](Index line) {
        return line == 3 ? 0.0 : std::ldexp(1.0, static_cast<int>(line * 97 % 600) - 300);
      };
      for (Index line = 0; line < across; ++line) {
        for (Index i = 0; i < all.length; ++i) uneven[all.first(line) + i * all.stride] *= scale(line);
      }
      for (Values* values : {&even, &uneven}) {
        for (Index batch = 0; batch < LineBatch::batches(all); ++batch) {
          LineBatch b(convolution, all, batch, memory.data());
          b.load(values->data());
          b.convolve();
          b.store(values->data());
        }
      }
      // Powers of two are exact; only the partner of the line of zeros has rounding of its own.
      for (Index line = 0; line < across; ++line) {
        for (Index i = 0; i < all.length; ++i) {
          const Index cell = all.first(line) + i * all.stride;
          REQUIRE(std::abs(uneven[cell] - even[cell] * scale(line)) <= 8.0 * rounding * scale(line));
        }
      }
    }
  }
}
