#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "wpg/grid.hpp"

namespace wpg {

/// Several formulas in x, y, z, compiled together. A compiled formula cannot serve two threads at once, so there are
/// copies of it, made when first needed; a thread takes a free one for each evaluation, normally always the same.
class Formula {
 public:
  /// `texts` are formulas separated by commas. Throws SyntaxError.
  Formula(std::string texts, int dimension);
  ~Formula();

  /// Writes the value of each formula at x.
  void evaluate(const Point& x, double* out) const;
  int count() const { return count_; }

  /// What the user is told about a formula that cannot be understood.
  struct SyntaxError {
    std::string message;
  };

 private:
  struct Compiled;
  struct Slot {
    Slot();
    ~Slot();
    std::atomic_flag busy = ATOMIC_FLAG_INIT;
    std::unique_ptr<Compiled> compiled;
  };
  Slot& take() const;

  std::string texts_;
  int dimension_;
  int count_ = 0;
  mutable std::array<Slot, 64> slots_;
};

}  // namespace wpg
