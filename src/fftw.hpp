#pragma once
#include <complex>
#include <memory>

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

}  // namespace wpg
