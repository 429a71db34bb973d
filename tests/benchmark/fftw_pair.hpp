#pragma once
#include <memory>

namespace wpg::bench {

/// The yardstick of all costs: one forward and one backward FFTW transform of an n x n field, planned by measurement,
/// on one thread: cosine transforms (DCT-II, DCT-III) in place, as reflecting boxes need them, or real ones (r2c, c2r),
/// as periodic boxes do and free ones, padded to n.
class FftwPair {
 public:
  enum class Kind { cosine, real };
  explicit FftwPair(int n, Kind kind = Kind::cosine);
  ~FftwPair();
  void execute();

 private:
  struct Plans;
  std::unique_ptr<Plans> plans_;
};

}  // namespace wpg::bench
