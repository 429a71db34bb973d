#pragma once
#include <array>
#include <vector>

#include "wpg/field.hpp"

namespace wpg {

/// A grid with half the cells per axis (rounded up) on the same box; axes in `keep` stay as they are.
Grid coarsen(const Grid& fine, const std::vector<bool>& keep);

/// Moves fields between two grids on the same box, axis by axis: densities down by exact cell overlap (mass is kept),
/// smooth fields up by interpolation at the cell centres.
class Transfer {
 public:
  Transfer(const Grid& fine, const Grid& coarse);

  void restrict_density(const Values& fine, Values& coarse);
  /// Cubic; mirrored, wrapped or one-sided at the ends.
  void prolong(const Values& coarse, Values& fine);
  /// Of fifth degree and one-sided at walls, for fields that have a slope there.
  void prolong_from_inside(const Values& coarse, Values& fine);
  std::size_t memory() const;

 private:
  /// out[i] = sum of weights times in[index], along one axis.
  struct Stencil {
    std::array<Index, 6> from{};
    std::array<double, 6> weight{};
  };
  struct AxisMap {
    std::vector<Stencil> stencils;  ///< one per output cell
    Index inputs = 0;
    Index stride = 0;  ///< cells of the lower axes
    Index outer = 0;   ///< lines of the higher axes
    int weights = 4;   ///< that are used
  };
  static AxisMap overlap(const Axis& fine, const Axis& coarse);
  static AxisMap interpolation(const Axis& coarse, const Axis& fine, int points, bool mirrored);
  template <int Weights>
  static void apply(const AxisMap& map, const Values& in, Values& out);
  void sweep(const std::vector<AxisMap>& maps, const Values& in, Values& out);
  static void lay_out(std::vector<AxisMap>& maps);

  std::vector<AxisMap> down_, up_, up_from_inside_;
  std::array<Values, 2> scratch_;
};

}  // namespace wpg
