#include "fftw_pair.hpp"

#include <fftw3.h>

#include <algorithm>

namespace wpg::bench {

struct FftwPair::Plans {
  Plans(int n, Kind kind)
      : data(fftw_alloc_real(static_cast<std::size_t>(n) * static_cast<std::size_t>(n))),
        spectrum(fftw_alloc_complex(static_cast<std::size_t>(n) * static_cast<std::size_t>(n / 2 + 1))) {
    if (kind == Kind::cosine) {
      forward = fftw_plan_r2r_2d(n, n, data, data, FFTW_REDFT10, FFTW_REDFT10, FFTW_MEASURE);
      backward = fftw_plan_r2r_2d(n, n, data, data, FFTW_REDFT01, FFTW_REDFT01, FFTW_MEASURE);
    } else {
      forward = fftw_plan_dft_r2c_2d(n, n, data, spectrum, FFTW_MEASURE);
      backward = fftw_plan_dft_c2r_2d(n, n, spectrum, data, FFTW_MEASURE);
    }
    std::fill_n(data, n * n, 0.0);
  }
  ~Plans() {
    fftw_destroy_plan(forward);
    fftw_destroy_plan(backward);
    fftw_free(data);
    fftw_free(spectrum);
  }
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;

  double* data;
  fftw_complex* spectrum;
  fftw_plan forward = nullptr, backward = nullptr;
};

FftwPair::FftwPair(int n, Kind kind) : plans_(std::make_unique<Plans>(n, kind)) {}
FftwPair::~FftwPair() = default;

void FftwPair::execute() {
  fftw_execute(plans_->forward);
  fftw_execute(plans_->backward);
}

}  // namespace wpg::bench
