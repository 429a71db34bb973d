#pragma once
#include "validate_record.hpp"

namespace wpg {

/// A run of a sequence: the value of the parameter, how to make it, and how many of its steps make one of the first's.
struct Member {
  double value = 0.0;
  Overrides overrides;
  Index stride = 1;
};

/// Adds a row with its order against the row before.
void add_row(OrderTable& table, double value, double error);
/// Halves gamma `count` - 1 times; twice the steps lead to the same times.
std::vector<Member> smaller_steps(const Recording& base, int count);
/// The order in gamma that the scheme of a run is known for.
const char* order_of(const Recording& base);
/// The distances to the Fokker-Planck reference after the last step, which all runs end at the same time.
std::vector<OrderTable> orders_against_reference(const LoadCase& load, const Recording& base, int refine);

}  // namespace wpg
