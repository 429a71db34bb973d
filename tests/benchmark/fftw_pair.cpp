#include "fftw_pair.hpp"

#include <fftw3.h>

#include <algorithm>

namespace wpg::bench {

struct FftwPair::Plans {
  explicit Plans(int n)
      : data(fftw_alloc_real(static_cast<std::size_t>(n) * static_cast<std::size_t>(n))),
        forward(fftw_plan_r2r_2d(n, n, data, data, FFTW_REDFT10, FFTW_REDFT10, FFTW_MEASURE)),
        backward(fftw_plan_r2r_2d(n, n, data, data, FFTW_REDFT01, FFTW_REDFT01, FFTW_MEASURE)) {
    std::fill_n(data, n * n, 0.0);
  }
  ~Plans() {
    fftw_destroy_plan(forward);
    fftw_destroy_plan(backward);
    fftw_free(data);
  }
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;

  double* data;
  fftw_plan forward, backward;
};

FftwPair::FftwPair(int n) : plans_(std::make_unique<Plans>(n)) {}
FftwPair::~FftwPair() = default;

void FftwPair::execute() {
  fftw_execute(plans_->forward);
  fftw_execute(plans_->backward);
}

}  // namespace wpg::bench
