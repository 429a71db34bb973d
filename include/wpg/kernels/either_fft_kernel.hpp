#pragma once
#include <optional>

#include "wpg/kernels/fft_kernel.hpp"
#include "wpg/kernels/tilted_fft_kernel.hpp"

namespace wpg {

/// The plain FFT kernel where it is valid, else the tilted one where that is. The plain one, which is cheaper, is tried
/// first, unless the parabola nearest to the input tells that it will be refused; the tilted one where an estimate
/// tells that it will serve. Which one serves depends on grid, epsilon and input alone.
class EitherFftKernel final : public GibbsKernel {
 public:
  struct Use {
    bool plain = true;
    bool tilted = true;
  };
  /// `use`: the back-ends to try, which may be none; a tilted one is left out where it cannot serve at all.
  EitherFftKernel(const Grid& grid, double epsilon, Use use);
  EitherFftKernel(const Grid& grid, double epsilon) : EitherFftKernel(grid, epsilon, Use{}) {}

  void apply_log(const Values& in, Values& out) const override;
  void apply_log_where(const Values& masses, const Values& in, Values& out) const override;
  std::size_t memory() const override { return (plain_ ? plain_->memory() : 0) + (tilted_ ? tilted_->memory() : 0); }
  /// The back-end that served the last application; "fft" before the first.
  std::string_view name() const override { return name_; }

  /// Like apply_log, or with masses apply_log_where, but where no back-end serves, returns false and leaves `out` (and
  /// so `in`) as it was.
  bool try_apply_log(const Values* masses, const Values& in, Values& out) const;
  bool tries_plain() const { return plain_.has_value(); }
  bool tries_tilted() const { return tilted_.has_value(); }

 private:
  void apply(const Values* masses, const Values& in, Values& out) const;
  bool try_plain(const QuadraticFit* fit, const Values& in, Values& out) const;

  std::optional<FftKernel> plain_;
  std::optional<TiltedFftKernel> tilted_;
  mutable std::string_view name_ = "fft";
};

}  // namespace wpg
