#pragma once
#include <memory>

#include "jko/descent.hpp"
#include "jko/source_split.hpp"
#include "jko/transfer.hpp"

namespace wpg {

/// One grid of the hierarchy, with what it takes over from the next coarser one to start and what the last solve left
/// behind. Allocates nothing once it is linked.
class Rung {
 public:
  Rung(const Grid& grid, double epsilon, const EntropicOptions& options, bool finest);

  /// `next` is the next coarser rung, which must outlive this one. Once; never on the coarsest.
  void link(Rung& next);
  /// Sets the coarser rung's source to that of this one.
  void pass_source_down();
  /// Whether nu has edges that the coarser rung sees; false on the coarsest.
  bool has_edges() const { return split_ && split_->pays(coarser_->level.nu); }
  /// Sets lambda from the coarser rung's solution. From a cold start by the source's potential, which is smooth where
  /// lambda has kinks, but for walls without kinks nearby; `warm` by the last solution's difference to the coarser
  /// level, whose kinks stay.
  void start(bool warm);
  /// Notes that difference.
  void keep_detail();
  std::size_t memory() const;

  Level level;
  Descent descent;

 private:
  bool interpolate_source();
  double extrapolation() const;
  void extrapolate_source(bool edges);

  Rung* coarser_ = nullptr;
  std::unique_ptr<Transfer> transfer_;  ///< between this grid and the coarser one
  std::unique_ptr<SourceSplit> split_;
  Values prolonged_;  ///< the coarser level's solution, interpolated; scratch of the finer level's start before that
  Values source_;     ///< the coarser level's epsilon log(G v) on this grid
  Values detail_;     ///< the last solution less the interpolated coarser one; log(G v) of a cold start before that
};

}  // namespace wpg
