#include "jko/stencil_assembly.hpp"

#include <algorithm>

#include "jko/face.hpp"
#include "jko/faces.hpp"

namespace wpg {
namespace {

/// Row `row` of log rho with a ghost on either side: cell i is entry i + 1.
void copy_row(const Values& log_rho, Index row, Index columns, bool wraps, std::vector<double>& to) {
  const double* const from = log_rho.data() + row * columns;
  to.resize(static_cast<std::size_t>(columns + 4 * lanes));
  std::copy_n(from, columns, to.begin() + 1);
  to.front() = from[wraps ? columns - 1 : 0];
  to[static_cast<std::size_t>(columns + 1)] = from[wraps ? 0 : columns - 1];
}

}  // namespace

void assemble_row(const Conductivity& conductivity, const Values& log_rho, double coupling, Index j, Stencil& s) {
  thread_local Faces faces;
  thread_local std::vector<double> lower, upper;
  const Index n = s.columns;
  copy_row(log_rho, j, n, s.periodic[0], lower);
  copy_row(log_rho, j + 1 == s.rows ? 0 : j + 1, n, s.periodic[0], upper);
  faces.prepare(n);
  for (Index i = 1; i <= n; i += lanes) {
    for (const Direction d : directions) {
      const std::vector<double>& target = d == east ? lower : upper;
      const Pack jump = load(target.data() + i + columns_ahead[d]) - load(lower.data() + i);
      const FaceWeights weights = face_weights(jump);
      const Pack link = coupling * conductivity.link(d, i - 1, j);
      faces.set(d, i, link * weights.from_i, link * weights.from_j);
    }
  }
  faces.close_ends(n, s.periodic[0]);
  faces.store_into(s, j);
  std::fill(lower.begin() + n + 1, lower.end(), -1e300);  // no cell, no mass
  store_row(s.log_rho, s, j, lower);
}

}  // namespace wpg
