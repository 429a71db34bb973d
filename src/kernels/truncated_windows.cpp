#include <algorithm>
#include <cmath>

#include "kernels/truncated_line.hpp"

namespace wpg {

/// Samples of each block of inputs from which the largest term at a point is bounded: two cells, so that no cell is
/// farther than block/4 from one (close enough where the inputs are smooth, however steep), and the largest (where they
/// are rough).
void TruncatedLine::summarise(Workspace& work) const {
  const Pack floor = broadcast(log_floor);
  for (Index b = 0; b < input_blocks(); ++b) {
    const Index begin = b * block;
    const Index end = std::min(length_, begin + block);
    Pack peak = floor;
    Pack where = broadcast(static_cast<double>(begin));
    for (Index j = begin; j < end; ++j) {
      const Pack value = work.in[j];
      where = value > peak ? broadcast(static_cast<double>(j)) : where;
      peak = max(value, peak);
    }
    work.largest[b] = peak;
    work.where[b] = where;
    work.left[b] = max(work.in[std::min(begin + block / 4, length_ - 1)], floor);
    work.right[b] = max(work.in[std::min(begin + 3 * block / 4, length_ - 1)], floor);
  }
}

/// The largest of the sampled terms of an input block at x.
Pack TruncatedLine::candidate(const Workspace& work, Index b, double x) const {
  const auto term = [this](Pack value, double d) {
    const double e = std::min(std::abs(d), std::abs(period_ - std::abs(d)));
    return value - half_inverse_variance_ * e * e;
  };
  const Index begin = b * block;
  const Pack left = term(work.left[b], x - static_cast<double>(std::min(begin + block / 4, length_ - 1)));
  const Pack right = term(work.right[b], x - static_cast<double>(std::min(begin + 3 * block / 4, length_ - 1)));
  const Pack d = x - work.where[b];
  return max(max(left, right), work.largest[b] - half_inverse_variance_ * d * d);
}

/// A lower bound on the largest term at a boundary of output blocks. Input blocks so far away that even the largest
/// input of the line could not win there end the search; on a periodic axis they are counted on across the seam, where
/// the last block may be short.
Pack TruncatedLine::bound_at(const Workspace& work, Index b, Pack largest_input) const {
  const double x = boundary(b);
  const bool periodic = !std::isinf(period_);
  const Index count = input_blocks();
  const Index nearest =
      static_cast<Index>(std::clamp((x + 0.5) / static_cast<double>(block), 0.0, static_cast<double>(count - 1)));
  Pack best = broadcast(log_floor);
  for (Index away = 0; away <= (periodic ? count / 2 : count); ++away) {
    const double d = std::max(0.0, periodic ? static_cast<double>((away - 2) * block)
                                            : static_cast<double>((nearest + away) * block) - std::max(x, 0.0));
    if (away > 0 && !any_at_least(largest_input - half_inverse_variance_ * d * d, best)) break;
    for (Index at : {nearest + away, nearest - 1 - away}) {
      if (periodic) at = (at + count) % count;
      if (at >= 0 && at < count) best = max(best, candidate(work, at, x));
    }
  }
  return best;
}

void TruncatedLine::bound_terms(Workspace& work) const {
  Pack largest_input = broadcast(log_floor);
  for (Index b = 0; b < input_blocks(); ++b) largest_input = max(largest_input, work.largest[b]);
  for (Index b = 0; b <= blocks(); ++b) work.bound[b] = bound_at(work, b, largest_input) - negligible;
  // One more entry would be a whole pack per line for a number that search_windows needs once: it takes it from here.
  work.largest[input_blocks()] = largest_input;
}

/// Whether a block of inputs, all at its nearest cell's distance, could contribute at a block boundary.
bool TruncatedLine::block_matters(const Workspace& work, Index input_block, Index b) const {
  const double x = boundary(b);
  const double begin = static_cast<double>(input_block * block);
  const double d = std::max({0.0, begin - x, x - (begin + static_cast<double>(block - 1))});
  return any_at_least(work.largest[input_block] - half_inverse_variance_ * d * d, work.bound[b]);
}

/// How far, in cells, the largest input of the line can be from a boundary and still contribute there.
Index TruncatedLine::farthest(Pack largest_input, Pack bound) const {
  const double excess = largest(largest_input - bound) / half_inverse_variance_;
  const double most = static_cast<double>(length_ + reach_) + std::abs(boundary(0)) + std::abs(boundary(blocks()));
  return static_cast<Index>(std::min(std::sqrt(std::max(excess, 0.0)), most)) + 1;
}

/// The input cells that matter to each output block. An input that does not matter at one boundary and lies to the
/// right of all that do, does not matter at any boundary to the left of it (and conversely), so that either end is
/// found in one sweep: for outputs x' < x and inputs j > p, the term of j falls against that of p by (x - x')(j - p)
/// h^2/epsilon.
void TruncatedLine::search_windows(Workspace& work) const {
  summarise(work);
  bound_terms(work);
  const Pack largest_input = work.largest[input_blocks()];
  Index end = length_ + reach_;
  for (Index b = blocks(); b-- > 0;) {
    end = std::max(-reach_, std::min(end, first_cell(b + 1) + farthest(largest_input, work.bound[b + 1])));
    while (end > -reach_) {
      if (end % block == 0 && end > 0 && end <= length_ && !block_matters(work, end / block - 1, b + 1)) {
        end -= block;
      } else if (!cell_matters(work, end - 1, b + 1)) {
        --end;
      } else {
        break;
      }
    }
    work.end[b] = end;
  }
  Index begin = -reach_;
  for (Index b = 0; b < blocks(); ++b) {
    begin = std::max(begin, first_cell(b) - farthest(largest_input, work.bound[b]));
    while (begin < work.end[b]) {
      if (begin % block == 0 && begin >= 0 && begin + block <= length_ && !block_matters(work, begin / block, b)) {
        begin += block;
      } else if (!cell_matters(work, begin, b)) {
        ++begin;
      } else {
        break;
      }
    }
    work.begin[b] = std::min(begin, work.end[b]);
  }
}

}  // namespace wpg
