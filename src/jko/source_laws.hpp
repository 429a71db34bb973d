#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "jko/law_window.hpp"
#include "jko/near_cells.hpp"
#include "jko/neighbours.hpp"
#include "jko/row_means.hpp"

namespace wpg {

/// The laws of the targets of those sources that send mass to certain cells, on a two-dimensional grid: of each the
/// probabilities of the cells in a window (LawWindow), which add up to one.
///
/// Where mass is compressed hundreds of sources share a target; of those that bring little of its mass a part stands
/// for all. Sources whose law is wider than the window, as beyond the edge of a density, are left out; so are all that
/// come after the room is used up. Who uses the laws compares what they bring to a cell with its mass.
class SourceLaws {
 public:
  struct Target {
    std::int32_t place;  ///< of a wanted cell its number; of another one the cell
    float probability;
  };
  struct Source {
    std::int32_t wanted, end;  ///< its targets are those from the previous source's end on, the wanted ones first
    float mass;                ///< relative to the largest cell's
  };
  /// Of the sources in the lower or in the upper half of the rows: two threads' laws, the same for any number.
  struct Half {
    std::vector<Source> sources;
    std::vector<Target> targets;
    std::vector<Target> wanted, others;  ///< of one source
    std::vector<double> x, y;            ///< of a row
  };

  SourceLaws(const Grid& grid, double epsilon);

  /// Both sides of a coupling, and what is wanted of it.
  struct Coupling {
    const std::vector<std::int32_t>& number;  ///< of the wanted cells; of the others -1
    const NearCells& near;                    ///< the wanted ones
    const Values& log_q;
    const Values& log_rho;
    const SourceSide& source;
  };
  void update(const Coupling& coupling);
  const std::array<Half, 2>& halves() const { return halves_; }
  std::size_t memory() const;

 private:
  void take(const Coupling& c, Index i, Index j, double x, double y, LawWindow& window, Half& half) const;
  bool sends(const Coupling& c, double log_mass, const LawWindow& window, Half& half) const;
  static void keep(float mass, Half& half);
  bool beside(const std::vector<std::int32_t>& number, const LawWindow& window) const;
  LawWindow::Pair variances(const Values& log_gv, Index i, Index j) const;

  Grid grid_;
  double log_volume_;
  std::array<double, 2> scale_;  ///< epsilon / h^2
  RowMeans means_;
  std::array<LawWindow, 2> windows_;
  std::array<Half, 2> halves_;
};

}  // namespace wpg
