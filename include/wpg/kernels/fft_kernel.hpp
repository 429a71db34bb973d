#pragma once
#include <memory>
#include <string>

#include "wpg/kernel.hpp"

namespace wpg {

class FftPlan;

/// The Gibbs kernel by fast Fourier transforms, axis by axis, for any mix of boundaries: no field is padded or mirrored
/// in memory. The cost does not depend on epsilon (except through the padding of free axes). Neighbouring lines are
/// transformed in lockstep, by butterflies of our own unless the length has a large prime factor; the exponential of a
/// logarithmic input is taken as the first axis is read, the logarithm as the last is written.
///
/// Validity. The rounding of a transform is absolute: about 1e-15 of the largest value *along the line*, whatever the
/// smallest is. So after every axis each line of results is compared with the largest input of the same line, and where
/// the smallest result is below that by more than the factor range_limit() = accuracy / (16 machine epsilons), the
/// application is refused: what is returned is right within `accuracy`, relative, per axis and cell by cell. Lines of
/// zeros are exact. The check is on lines, so a product density may span the limit once per axis.
class FftKernel final : public GibbsKernel, public LinearKernel {
 public:
  /// Throws InvalidValue unless epsilon > 0 and 1e-13 <= accuracy < 1.
  FftKernel(const Grid& grid, double epsilon, double accuracy = 1e-10);
  ~FftKernel() override;
  FftKernel(FftKernel&&) noexcept;

  void apply_log(const Values& in, Values& out) const override;
  /// Like apply_log, but where that would throw, returns false and leaves `out` (and so `in`) as it was.
  /// It also gives up where the middle lines of any axis, taken from `in`, are out of range by a factor of 20, and on a
  /// single line where even the largest input near the lowest is: so an application that is bound to fail usually ends
  /// at the first lines that it convolves.
  bool try_apply_log(const Values& in, Values& out) const;
  void apply(const Values& in, Values& out) const override;
  std::string_view name() const override { return "fft"; }

  /// Largest ratio of the largest input to the smallest result of a line that is still served.
  double range_limit() const;
  /// Bytes held, scratch included.
  std::size_t memory() const override;

 private:
  std::unique_ptr<FftPlan> plan_;
};

}  // namespace wpg
