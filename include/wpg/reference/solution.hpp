#pragma once
#include <memory>
#include <string>
#include <vector>

#include "wpg/recorder.hpp"
#include "wpg/reference/fokker_planck.hpp"

namespace wpg {

/// A density in time that a run is compared with.
class ReferenceSolution {
 public:
  virtual ~ReferenceSolution() = default;

  /// One line: what it is, and how it is computed.
  virtual std::string description() const = 0;
  /// The density at a time not earlier than that of the last call; valid until the next one. Throws
  /// std::logic_error for an earlier time.
  virtual const Field& at(double time) = 0;
  /// How often the last advance had to take a step of first order: see FokkerPlanckReport::first_order_lines.
  virtual Index first_order_lines() const { return 0; }
  /// Bytes of working memory.
  virtual std::size_t memory() const = 0;
};

/// The numerical solution of the Fokker-Planck equation from the problem's initial density.
class FokkerPlanckSolution final : public ReferenceSolution {
 public:
  /// Steps are also kept below 1/L, L the largest curvature of V. Throws as FokkerPlanck does.
  FokkerPlanckSolution(const Problem& problem, double largest_step);

  std::string description() const override;
  const Field& at(double time) override;
  Index first_order_lines() const override { return report_.first_order_lines; }
  /// Counts the factors of all axes, planned or not.
  std::size_t memory() const override;

 private:
  FokkerPlanck solver_;
  FokkerPlanckReport report_;
  Field rho_;
  double time_ = 0.0;
};

/// The Ornstein-Uhlenbeck flow of a Gaussian in closed form, at the cell centres. Where the density is below 1e-300,
/// that number stands for it, so that logarithms of it stay finite.
class OrnsteinUhlenbeckSolution final : public ReferenceSolution {
 public:
  /// Whether the closed form holds on the problem's grid: initial density and target are Gaussians, no axis is
  /// periodic, and the box holds all but 1e-8 of the initial mass.
  static bool serves(const Problem& problem);
  /// Throws InvalidValue("reference", ...) unless it serves.
  explicit OrnsteinUhlenbeckSolution(const Problem& problem);

  std::string description() const override;
  const Field& at(double time) override;
  std::size_t memory() const override;

 private:
  Gaussian initial_, target_;
  Field rho_;
  double time_ = -1.0;
};

/// l1_reference, l2_reference and kl_reference, the distances of rho to the solution at the same time; w2_reference,
/// where W2 between densities is cheap (on a line) or `options` ask for the Sinkhorn divergence; and
/// reference_first_order_lines. They share the solution with whoever else reads it at that time.
std::vector<Diagnostic> reference_diagnostics(const std::shared_ptr<ReferenceSolution>& solution, const Grid& grid,
                                              const DiagnosticOptions& options);

}  // namespace wpg
