#pragma once
#include <complex>
#include <memory>
#include <vector>

#include "wpg/grid.hpp"

struct fftw_plan_s;

namespace wpg {

/// Complex numbers in memory aligned for FFTW; not initialised.
class FftBuffer {
 public:
  FftBuffer() = default;
  explicit FftBuffer(Index size);
  std::complex<double>* data() const { return data_.get(); }
  Index size() const { return size_; }

 private:
  struct Free {
    void operator()(std::complex<double>* memory) const;
  };
  std::unique_ptr<std::complex<double>[], Free> data_;
  Index size_ = 0;
};

/// Complex discrete Fourier transforms of one length, between two buffers, on the calling thread. Planned once by
/// FFTW's estimate, never by timing: the same plan, and so the same bits, in every process and on any thread.
class FourierTransform {
 public:
  /// A length from `at_least` on that FFTW transforms fast.
  static Index good_length(Index at_least);

  explicit FourierTransform(Index length);
  Index length() const { return length_; }
  /// Buffer offsets for which the alignment seen when planning holds are multiples of this.
  static constexpr Index alignment = 4;

  /// out_k = sum_j in_j exp(-+ 2 pi i j k / length), not normalised. `in` and `out` are distinct, lie in FftBuffers at
  /// aligned offsets, and `in` is preserved. May be called from several threads at once.
  void forward(std::complex<double>* in, std::complex<double>* out) const;
  void backward(std::complex<double>* in, std::complex<double>* out) const;

 private:
  struct Destroy {
    void operator()(fftw_plan_s* plan) const;
  };
  using Plan = std::unique_ptr<fftw_plan_s, Destroy>;

  Index length_;
  Plan forward_, backward_;
};

/// Real discrete Fourier transforms of a box of one to three axes, x fastest, on the calling thread; planned by
/// estimate like FourierTransform.
class BoxTransform {
 public:
  /// `lengths` per axis, x first.
  explicit BoxTransform(const std::vector<Index>& lengths);
  Index real_size() const { return real_size_; }
  /// Complex numbers of a spectrum: only half of the axis x is kept.
  Index spectrum_size() const { return spectrum_size_; }

  /// Not normalised. `box` holds real_size() real numbers, x fastest; it is overwritten by both directions, and so is
  /// the spectrum by `backward`.
  void forward(const FftBuffer& box, const FftBuffer& spectrum) const;
  void backward(const FftBuffer& spectrum, const FftBuffer& box) const;
  /// The real numbers in a buffer, and a buffer large enough for them.
  static double* real(const FftBuffer& box) { return reinterpret_cast<double*>(box.data()); }
  FftBuffer box_buffer() const { return FftBuffer((real_size_ + 1) / 2); }
  FftBuffer spectrum_buffer() const { return FftBuffer(spectrum_size_); }

 private:
  struct Destroy {
    void operator()(fftw_plan_s* plan) const;
  };
  using Plan = std::unique_ptr<fftw_plan_s, Destroy>;

  Index real_size_ = 1;
  Index spectrum_size_ = 1;
  Plan forward_, backward_;
};

}  // namespace wpg
