#pragma once
#include <memory>
#include <string_view>

#include "wpg/field.hpp"

namespace wpg {

/// The Gibbs kernel of variance epsilon on a grid: convolution with the sampled Gaussian
/// exp(-|x - y|^2 / (2 epsilon)), per axis mirrored (reflecting), wrapped (periodic) or cut off (free), and scaled so
/// that on reflecting and periodic axes every row sums to one, on free axes the infinite sum does. Symmetric. Planned
/// once, applied often; an application changes only the kernel's own scratch memory, so one object must not be applied
/// from two threads at once (it uses all threads itself).
class GibbsKernel {
 public:
  virtual ~GibbsKernel() = default;

  /// out = log(G exp(in)), cell by cell; -infinity stands for zero. `in` and `out` may be the same field.
  /// Throws KernelRangeError where this back-end would lose relative accuracy: the answer is right or absent.
  virtual void apply_log(const Values& in, Values& out) const = 0;

  /// The same, but only cells in which `masses` > 0 are wanted: in the others `out` holds what it likes short of NaN
  /// and infinity. A back-end that loses accuracy far from all mass only may then serve.
  virtual void apply_log_where(const Values& /*masses*/, const Values& in, Values& out) const { apply_log(in, out); }

  /// Bytes of the fields and tables that it holds; 0 where these are small beside a field.
  virtual std::size_t memory() const { return 0; }

  /// The back-end, as it is named in a case file; `auto` tells which one served the last application.
  virtual std::string_view name() const = 0;
};

/// out = G in, for a kernel that also acts linearly (heat flow, convolution of signed fields).
class LinearKernel {
 public:
  virtual ~LinearKernel() = default;
  /// Accurate to rounding relative to the largest value of `in`. `in` and `out` may be the same field.
  virtual void apply(const Values& in, Values& out) const = 0;
};

/// A back-end was asked for more dynamic range than its arithmetic has.
class KernelRangeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace wpg
