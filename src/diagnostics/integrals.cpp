
#include "wpg/diagnostics/integrals.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

constexpr Index chunk = 256;  // the logarithms of a chunk stay in the first-level cache

/// The logarithms of a chunk of positive numbers, vectorised.
class Logarithms {
 public:
  template <class Numbers>
  explicit Logarithms(const Numbers& numbers) {
    Eigen::Map<Values>(values_.data(), numbers.size()) = numbers.log();
  }
  double operator[](Index i) const { return values_[static_cast<std::size_t>(i)]; }

 private:
  std::array<double, chunk> values_;
};

/// Runs body(begin, length) on consecutive chunks of [begin, end).
template <class Body>
void in_chunks(Index begin, Index end, Body&& body) {
  for (; begin < end; begin += chunk) body(begin, std::min(chunk, end - begin));
}

double entropy_of(const double* rho, Index cells) {
  const Logarithms logs(Eigen::Map<const Values>(rho, cells));
  double sum = 0.0;
  for (Index i = 0; i < cells; ++i) sum += rho[i] > 0.0 ? rho[i] * logs[i] : 0.0;
  return sum;
}

/// Below this exp(-V)/Z has lost digits to underflow, and its logarithm is taken from V.
constexpr double faint = 1e-290;

double divergence_of(const double* rho, const double* pi, Index cells) {
  const Logarithms logs(Eigen::Map<const Values>(rho, cells) / Eigen::Map<const Values>(pi, cells));
  double sum = 0.0;
  for (Index i = 0; i < cells; ++i) sum += rho[i] > 0.0 ? rho[i] * logs[i] - rho[i] + pi[i] : pi[i];
  return sum;
}

/// The same where the target is exp(shift - v).
double divergence_of(const double* rho, const double* pi, const double* v, double shift, Index cells) {
  if (Eigen::Map<const Values>(pi, cells).minCoeff() >= faint) return divergence_of(rho, pi, cells);
  double sum = 0.0;
  for (Index i = 0; i < cells; ++i) {
    const double log_pi = pi[i] < faint ? shift - v[i] : std::log(pi[i]);
    sum += rho[i] > 0.0 ? rho[i] * (std::log(rho[i]) - log_pi) - rho[i] + pi[i] : pi[i];
  }
  return sum;
}

/// With 0 infinity = 0.
double extended_product_of(const double* rho, const double* f, Index cells) {
  double sum = 0.0;
  for (Index i = 0; i < cells; ++i) sum += rho[i] > 0.0 ? rho[i] * f[i] : 0.0;
  return sum;
}

double product_of(const double* rho, const double* v, Index cells) {
  double sum = 0.0;
  for (Index i = 0; i < cells; ++i) sum += rho[i] * v[i];
  return sum;
}

/// Runs body(first cell, cells, line) on the parts of x-lines that make up the cells [begin, end).
template <class Body>
void in_line_parts(Index begin, Index end, Index length, Body&& body) {
  while (begin < end) {
    const Index line = begin / length;
    const Index stop = std::min(end, (line + 1) * length);
    body(begin, stop - begin, line);
    begin = stop;
  }
}

/// The centre of the first cell of an x-line.
Point start_of(const Grid& grid, Index line) { return grid.center(line * grid.axis(0).cells); }

/// Sum of rho over the cells of a part of an x-line, and its first two moments along x about a centre.
std::array<double, 3> line_moments(const Axis& axis, const double* rho, Index from, Index cells, double about) {
  double zeroth = 0.0, first = 0.0, second = 0.0;
  for (Index i = 0; i < cells; ++i) {
    const double offset = axis.center(from + i) - about;
    zeroth += rho[i];
    first += rho[i] * offset;
    second += rho[i] * offset * offset;
  }
  return {zeroth, first, second};
}

Tensor centred_covariance(const Field& rho, const Point& mean, double sum) {
  const Grid& grid = rho.grid;
  const int d = grid.dimension();
  const Axis& axis = grid.axis(0);
  const auto sums = blockwise_sums<9>(rho.values.size(), [&](Index begin, Index end, std::array<double, 9>& s) {
    Eigen::Map<Eigen::Matrix3d> products(s.data());
    in_line_parts(begin, end, axis.cells, [&](Index at, Index n, Index line) {
      Point offset = start_of(grid, line);
      for (int k = 0; k < d; ++k) offset[k] -= mean[k];
      const auto [zeroth, first, second] =
          line_moments(axis, rho.values.data() + at, at - line * axis.cells, n, mean[0]);
      products(0, 0) += second;
      for (int k = 1; k < d; ++k) {
        products(k, 0) += first * offset[k];
        for (int l = 1; l <= k; ++l) products(k, l) += zeroth * offset[k] * offset[l];
      }
    });
  });
  const Eigen::Map<const Eigen::Matrix3d> products(sums.data());
  Tensor covariance(d, d);
  for (int k = 0; k < d; ++k) {
    for (int l = 0; l <= k; ++l) covariance(k, l) = covariance(l, k) = products(k, l) / sum;
  }
  return covariance;
}

}  // namespace

Integrator::Integrator(const Problem& problem) : potential_(problem.grid), target_(problem.target) {
  if (problem.potential) {
    potential_ = sample(problem.grid, [&](const Point& x) { return problem.potential->value(x); });
  }
  if (problem.nonsmooth) {
    nonsmooth_ = nonsmooth_field(problem.grid, *problem.nonsmooth);
    exponent_ = Field(problem.grid, potential_.values + nonsmooth_->values);
  }
  if (!target_ || (!problem.potential && !problem.nonsmooth)) return;
  const Field& exponent = exponent_ ? *exponent_ : potential_;
  Index lowest = 0;
  exponent.values.minCoeff(&lowest);
  shift_ = exponent.values[lowest] + std::log(target_->values[lowest]);
}

double Integrator::divergence(const double* rho, Index at, Index cells) const {
  const double* const pi = target_->values.data() + at;
  const Field& exponent = exponent_ ? *exponent_ : potential_;
  return shift_ ? divergence_of(rho, pi, exponent.values.data() + at, *shift_, cells) : divergence_of(rho, pi, cells);
}

Integrals Integrator::operator()(const Field& rho) const {
  const Grid& grid = rho.grid;
  const int d = grid.dimension();
  const Index length = grid.axis(0).cells;
  const double* const r = rho.values.data();
  enum : std::size_t { mass, ent, pot, non, div, x };  // x, y, z from there on
  const auto sums = blockwise_sums<8>(rho.values.size(), [&](Index begin, Index end, std::array<double, 8>& s) {
    in_chunks(begin, end, [&](Index at, Index n) {
      s[ent] += entropy_of(r + at, n);
      s[pot] += product_of(r + at, potential_.values.data() + at, n);
      if (nonsmooth_) s[non] += extended_product_of(r + at, nonsmooth_->values.data() + at, n);
      if (target_) s[div] += divergence(r + at, at, n);
    });
    in_line_parts(begin, end, length, [&](Index at, Index n, Index line) {
      const Point start = start_of(grid, line);
      const auto [here, along, ignored] = line_moments(grid.axis(0), r + at, at - line * length, n, 0.0);
      s[mass] += here;
      s[x] += along;
      for (int k = 1; k < d; ++k) s[x + static_cast<std::size_t>(k)] += here * start[k];
    });
  });
  const double volume = grid.cell_volume();
  Integrals result{volume * sums[mass], volume * sums[ent], volume * sums[pot], volume * sums[non],
                   volume * sums[div],  Point(d),           Tensor(d, d)};
  for (int k = 0; k < d; ++k) result.mean[k] = sums[x + static_cast<std::size_t>(k)] / sums[mass];
  result.covariance = centred_covariance(rho, result.mean, sums[mass]);
  return result;
}

}  // namespace wpg
