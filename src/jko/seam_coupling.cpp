#include "jko/seam_coupling.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Cells that sources with a law give less than this share of their mass are left as they are.
constexpr double fair_share = 0.8;
/// Of conjugate gradients. With two some steps take an evaluation more, with six hardly one takes less.
constexpr int iterations = 4;
/// Cells with a larger residual are left as they are, and no more is changed of log v: beyond, a linear equation means
/// nothing. In corners of walls, where hundreds of sources keep to a cell, log rho answers by a tenth of the change.
constexpr double largest_residual = 2.0, largest_change = 3.0;

}  // namespace

SeamCoupling::SeamCoupling(const Grid& grid, double gamma_prime, double epsilon)
    : grid_(grid), ratio_(gamma_prime / epsilon), seams_(grid), near_(grid), laws_(grid, epsilon) {
  for (auto* values : {&mass_, &inverse_, &active_, &direction_, &residual_, &correction_, &sums_[0], &sums_[1]}) {
    values->resize(seams_.room());
  }
}

std::size_t SeamCoupling::memory() const {
  return seams_.memory() + near_.memory() + laws_.memory() + 8 * mass_.size() * sizeof(double);
}

/// sums_ <- of every wanted cell, over the sources: mass times probability times the mean of their targets' values,
/// which is direction_ of the wanted and others() of all other ones.
template <class Others>
void SeamCoupling::take_coupling(const Others& others) {
  parallel_sweep(2, grid_.size(), [&](Index k) {
    const SourceLaws::Half& half = laws_.halves()[static_cast<std::size_t>(k)];
    std::vector<double>& sums = sums_[static_cast<std::size_t>(k)];
    std::fill_n(sums.begin(), cells().size(), 0.0);
    const SourceLaws::Target* target = half.targets.data();
    for (const SourceLaws::Source& source : half.sources) {
      const SourceLaws::Target* const begin = target;
      const SourceLaws::Target* const wanted = half.targets.data() + source.wanted;
      double mean = 0.0;
      for (; target < wanted; ++target) {
        mean += static_cast<double>(target->probability) * direction_[static_cast<std::size_t>(target->place)];
      }
      mean = static_cast<double>(source.mass) * (mean + others(target, half.targets.data() + source.end));
      for (const SourceLaws::Target* t = begin; t < wanted; ++t) {
        sums[static_cast<std::size_t>(t->place)] += mean * static_cast<double>(t->probability);
      }
      target = half.targets.data() + source.end;
    }
  });
}

void SeamCoupling::weigh(const Values& log_rho, double log_unit) {
  std::fill_n(direction_.begin(), cells().size(), 1.0);
  take_coupling([](const SourceLaws::Target* target, const SourceLaws::Target* end) {
    double share = 0.0;
    for (; target < end; ++target) share += static_cast<double>(target->probability);
    return share;
  });
  for (std::size_t k = 0; k < cells().size(); ++k) {
    mass_[k] = sums_[0][k] + sums_[1][k];
    const bool fair = mass_[k] > 0.0 && mass_[k] > fair_share * std::exp(log_rho[cells()[k]] - log_unit);
    inverse_[k] = fair ? 1.0 / mass_[k] : 0.0;
  }
}

void SeamCoupling::update(const Conductivity& conductivity, const Values& log_q, const Values& log_rho,
                          const SourceSide& source) {
  seams_.find(conductivity);
  if (empty()) return;
  const std::vector<std::int32_t>& numbers = seams_.numbers();
  near_.update([&](Index i, Index j) {
    return numbers[static_cast<std::size_t>(j * grid_.axis(0).cells + i)] != SeamCells::elsewhere;
  });
  laws_.update({numbers, near_, log_q, log_rho, source});
  weigh(log_rho, source.log_largest - std::log(grid_.cell_volume()));
}

/// residual_ <- what r lacks of the correction that z gives, in active cells; returns its square.
double SeamCoupling::take_residual(const Values& r, double largest, const Values& z) {
  const double kappa = ratio_ / (ratio_ + 1.0), plain = plain_share / (ratio_ + 1.0);
  const auto cut = [&](std::int32_t cell) { return std::clamp(r[cell], -largest, largest); };
  const auto correction = [&](std::int32_t cell) { return plain * cut(cell) + kappa * z[cell]; };
  for (std::size_t k = 0; k < cells().size(); ++k) direction_[k] = correction(cells()[k]);
  take_coupling([&](const SourceLaws::Target* target, const SourceLaws::Target* end) {
    double mean = 0.0;
    for (; target < end; ++target) mean += static_cast<double>(target->probability) * correction(target->place);
    return mean;
  });
  double squares = 0.0;
  for (std::size_t k = 0; k < cells().size(); ++k) {
    const double image = (1.0 + ratio_) * direction_[k] - ratio_ * inverse_[k] * (sums_[0][k] + sums_[1][k]);
    active_[k] = std::abs(r[cells()[k]]) <= largest_residual ? inverse_[k] : 0.0;
    residual_[k] = active_[k] > 0.0 ? cut(cells()[k]) - image : 0.0;
    squares += mass_[k] * residual_[k] * residual_[k];
  }
  return squares;
}

/// correction_ <- of residual_, by conjugate gradients in L2 of the masses.
void SeamCoupling::solve(double squares) {
  std::fill_n(correction_.begin(), cells().size(), 0.0);
  std::copy_n(residual_.begin(), cells().size(), direction_.begin());
  for (int iteration = 0; iteration < iterations && squares > 0.0; ++iteration) {
    take_coupling([](const SourceLaws::Target*, const SourceLaws::Target*) { return 0.0; });
    double energy = 0.0;
    for (std::size_t k = 0; k < cells().size(); ++k) {
      auto& image = sums_[0][k];
      image = active_[k] > 0.0 ? (1.0 + ratio_) * direction_[k] - ratio_ * active_[k] * (image + sums_[1][k]) : 0.0;
      energy += mass_[k] * direction_[k] * image;
    }
    const double step = squares / energy, before = squares;
    squares = 0.0;
    for (std::size_t k = 0; k < cells().size(); ++k) {
      correction_[k] += step * direction_[k];
      residual_[k] -= step * sums_[0][k];
      squares += mass_[k] * residual_[k] * residual_[k];
    }
    for (std::size_t k = 0; k < cells().size(); ++k) direction_[k] = residual_[k] + squares / before * direction_[k];
  }
}

void SeamCoupling::correct(const Values& r, double largest, Values& z) {
  if (empty()) return;
  solve(take_residual(r, largest, z));
  const double per_kappa = (ratio_ + 1.0) / ratio_, most = largest_change / ratio_;
  for (std::size_t k = 0; k < cells().size(); ++k) {
    z[cells()[k]] += per_kappa * std::clamp(correction_[k], -most, most);
  }
}

}  // namespace wpg
