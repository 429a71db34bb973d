#pragma once
#include "jko/anderson.hpp"
#include "wpg/kernels/truncated_kernel.hpp"

namespace wpg {

/// A density as masses of sum one, with their logarithms. InvalidValue unless nonnegative with a positive finite mass.
struct Masses {
  explicit Masses(const Values& rho);
  Values mass, log;
};

struct SinkhornSolution {
  double cost = 0.0;   ///< without the kernel's normalisation, which cancels in the divergence
  double error = 0.0;  ///< L1 error of the marginal
  int iterations = 0;
};

/// Entropic transport at one regularization. Potentials are in units of it.
class SinkhornLevel {
 public:
  SinkhornLevel(const Grid& grid, double epsilon);

  /// OT(a, a) from the potential f: the average of the map and the identity contracts by one half.
  SinkhornSolution diagonal(const Masses& a, Values& f, double tolerance, int limit);
  /// OT(a, b), from the potential g of b: plain steps, which never increase the error of the marginal, accelerated as
  /// long as that error does not rise; from the best potential so far where it did, and after some failures with twice
  /// as many plain steps every time before the next acceleration, so that it converges whatever the accelerator does.
  SinkhornSolution pair(const Masses& a, const Masses& b, Values& g, Anderson& anderson, double tolerance, int limit);
  /// L1 error of b's marginal at a potential.
  double error(const Masses& a, const Masses& b, const Values& g);

 private:
  void respond(const Masses& masses, const Values& other, Values& potential);
  double change_of(const Masses& a, const Masses& b, const Values& g);

  TruncatedKernel kernel_;
  double epsilon_;
  Values work_, f_, change_, best_;
};

}  // namespace wpg
