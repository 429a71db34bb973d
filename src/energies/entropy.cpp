#include "wpg/energies/entropy.hpp"

#include <string>

#include "simd.hpp"
#include "text.hpp"
#include "wpg/difference.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

std::string place(const Point& x) {
  std::string text;
  for (const double c : x) text += (text.empty() ? "(" : ", ") + shortest(c, 6);
  return text + ")";
}

void require_positive(const Field& rho) {
  Index first = 0;
  while (first < rho.values.size() && rho.values[first] > 0.0) ++first;
  if (first == rho.values.size()) return;
  throw UsageError("the density is zero, at " + place(rho.grid.center(first)) +
                   " for one: an explicit step of the entropy needs grad log rho everywhere (backward and "
                   "forward-backward do not)");
}

}  // namespace

double Entropy::value(const Field& rho) const { return entropy(rho); }

void Entropy::add_first_variation(const Field& rho, Values& sum) const {
  require_positive(rho);
  parallel_blocks(sum.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; i += lanes) {
      const Pack log_rho = log(load_some(rho.values.data() + i, end - i, 1.0));
      store_some(sum.data() + i, end - i, load_some(sum.data() + i, end - i, 0.0) + log_rho);
    }
  });
}

double Entropy::stiffness(const Grid& grid) const { return laplacian_bound(grid); }

}  // namespace wpg
