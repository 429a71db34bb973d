#pragma once
#include <memory>

namespace wpg::bench {

/// The yardstick of all costs: one forward and one backward FFTW cosine transform (DCT-II, DCT-III) of an n x n field,
/// in place, planned by measurement, on one thread.
class FftwPair {
 public:
  explicit FftwPair(int n);
  ~FftwPair();
  void execute();

 private:
  struct Plans;
  std::unique_ptr<Plans> plans_;
};

}  // namespace wpg::bench
