#include "fftw.hpp"

#include <fftw3.h>

#include <limits>
#include <mutex>
#include <new>

namespace wpg {
namespace {

/// FFTW's planner is shared by the whole process and not thread-safe; its execution is.
std::mutex& planner() {
  static std::mutex mutex;
  return mutex;
}

fftw_complex* native(std::complex<double>* z) { return reinterpret_cast<fftw_complex*>(z); }

}  // namespace

FftBuffer::FftBuffer(Index size) : size_(size) {
  void* const memory = fftw_malloc(static_cast<std::size_t>(size) * sizeof(std::complex<double>));
  if (memory == nullptr) throw std::bad_alloc();
  data_.reset(static_cast<std::complex<double>*>(memory));
}

void FftBuffer::Free::operator()(std::complex<double>* memory) const { fftw_free(memory); }

Index FourierTransform::good_length(Index at_least) {
  // Time per point of estimated plans, by the odd factor of the length, in units of a power of two (measured).
  struct Family {
    Index odd;
    double cost;
  };
  constexpr Family families[] = {{1, 1.0}, {5, 1.05}, {7, 1.3}, {25, 1.3}, {15, 1.45}, {3, 1.5}, {35, 1.5}};
  Index best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (const Family& family : families) {
    Index length = 4 * family.odd;
    while (length < at_least) length *= 2;
    const double cost = family.cost * static_cast<double>(length);
    if (cost >= least) continue;
    least = cost;
    best = length;
  }
  return best;
}

FourierTransform::FourierTransform(Index length) : length_(length) {
  const FftBuffer in(length);
  const FftBuffer out(length);
  const auto make = [&](int sign) {
    return Plan(fftw_plan_dft_1d(static_cast<int>(length), native(in.data()), native(out.data()), sign,
                                 FFTW_ESTIMATE | FFTW_PRESERVE_INPUT));
  };
  const std::lock_guard lock(planner());
  forward_ = make(FFTW_FORWARD);
  backward_ = make(FFTW_BACKWARD);
  if (!forward_ || !backward_) throw std::bad_alloc();
}

void FourierTransform::Destroy::operator()(fftw_plan_s* plan) const {
  const std::lock_guard lock(planner());
  fftw_destroy_plan(plan);
}

void FourierTransform::forward(std::complex<double>* in, std::complex<double>* out) const {
  fftw_execute_dft(forward_.get(), native(in), native(out));
}

void FourierTransform::backward(std::complex<double>* in, std::complex<double>* out) const {
  fftw_execute_dft(backward_.get(), native(in), native(out));
}

BoxTransform::BoxTransform(const std::vector<Index>& lengths) {
  std::vector<int> slowest_first;
  for (const Index n : lengths) {
    real_size_ *= n;
    slowest_first.insert(slowest_first.begin(), static_cast<int>(n));
  }
  spectrum_size_ = real_size_ / lengths.front() * (lengths.front() / 2 + 1);
  const FftBuffer box = box_buffer();
  const FftBuffer spectrum = spectrum_buffer();
  const int rank = static_cast<int>(lengths.size());
  const std::lock_guard lock(planner());
  forward_.reset(fftw_plan_dft_r2c(rank, slowest_first.data(), real(box), native(spectrum.data()), FFTW_ESTIMATE));
  backward_.reset(fftw_plan_dft_c2r(rank, slowest_first.data(), native(spectrum.data()), real(box), FFTW_ESTIMATE));
  if (!forward_ || !backward_) throw std::bad_alloc();
}

void BoxTransform::Destroy::operator()(fftw_plan_s* plan) const {
  const std::lock_guard lock(planner());
  fftw_destroy_plan(plan);
}

void BoxTransform::forward(const FftBuffer& box, const FftBuffer& spectrum) const {
  fftw_execute_dft_r2c(forward_.get(), real(box), native(spectrum.data()));
}

void BoxTransform::backward(const FftBuffer& spectrum, const FftBuffer& box) const {
  fftw_execute_dft_c2r(backward_.get(), native(spectrum.data()), real(box));
}

}  // namespace wpg
