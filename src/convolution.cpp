#include "wpg/convolution.hpp"

#include <algorithm>
#include <cmath>

#include "fftw.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

std::vector<Index> padded_lengths(const Grid& grid) {
  std::vector<Index> lengths;
  for (const Axis& axis : grid.axes()) {
    lengths.push_back(axis.boundary == Boundary::periodic ? axis.cells
                                                          : FourierTransform::good_length(2 * axis.cells - 1));
  }
  return lengths;
}

}  // namespace

struct Convolution::Plan {
  Plan(const Grid& on, const std::vector<OffsetKernel>& kernels, std::vector<std::vector<int>> table)
      : grid(on), lengths(padded_lengths(on)), transform(lengths), box(transform.box_buffer()), uses(std::move(table)) {
    for (const OffsetKernel& kernel : kernels) add(kernel);
    for (std::size_t j = 0; j < uses.front().size(); ++j) inputs.push_back(transform.spectrum_buffer());
    work = transform.spectrum_buffer();
  }

  void add(const OffsetKernel& kernel);
  double at(const OffsetKernel& kernel, Index cell) const;
  /// First cell, in the padded box, of row number `row` of the grid.
  Index padded_row(Index row) const;

  Grid grid;
  std::vector<Index> lengths;
  BoxTransform transform;
  FftBuffer box;
  FftBuffer work;
  std::vector<FftBuffer> spectra;  ///< of the kernels, scaled
  std::vector<FftBuffer> inputs;
  std::vector<std::vector<int>> uses;
};

/// The kernel at the offset that a cell of the padded box stands for; 0 at those that do not occur.
double Convolution::Plan::at(const OffsetKernel& kernel, Index cell) const {
  Point offset(grid.dimension());
  std::vector<int> halves;
  for (int k = 0; k < grid.dimension(); ++k) {
    const Index length = lengths[static_cast<std::size_t>(k)];
    const Index i = cell % length;
    cell /= length;
    const Index step = 2 * i > length ? i - length : i;
    if (std::abs(step) >= grid.axis(k).cells) return 0.0;
    if (2 * i == length && grid.axis(k).boundary == Boundary::periodic) halves.push_back(k);
    offset[k] = static_cast<double>(step) * grid.axis(k).spacing();
  }
  double sum = 0.0;
  const int images = 1 << halves.size();
  for (int image = 0; image < images; ++image) {
    Point x = offset;
    for (std::size_t b = 0; b < halves.size(); ++b) {
      if ((image >> b & 1) != 0) x[halves[b]] = -x[halves[b]];
    }
    sum += kernel(x);
  }
  return sum / images;
}

void Convolution::Plan::add(const OffsetKernel& kernel) {
  double* const values = BoxTransform::real(box);
  parallel_for(transform.real_size(), [&](Index cell) { values[cell] = at(kernel, cell); });
  const auto size = transform.real_size();
  if (!std::all_of(values, values + size, [](double v) { return std::isfinite(v); })) {
    throw InvalidValue("kernel", "not finite", "finite at every offset of the grid");
  }
  const double scale = grid.cell_volume() / static_cast<double>(size);
  for (Index cell = 0; cell < size; ++cell) values[cell] *= scale;
  spectra.push_back(transform.spectrum_buffer());
  transform.forward(box, spectra.back());
}

Index Convolution::Plan::padded_row(Index row) const {
  if (grid.dimension() == 1) return 0;
  const Index ny = grid.axis(1).cells;
  const Index y = row % ny;
  const Index z = row / ny;
  return lengths[0] * (y + z * lengths[1]);
}

Convolution::Convolution(const Grid& grid, const std::vector<OffsetKernel>& kernels, std::vector<std::vector<int>> uses)
    : plan_(std::make_unique<Plan>(grid, kernels, std::move(uses))) {}
Convolution::~Convolution() = default;
Convolution::Convolution(Convolution&&) noexcept = default;

void Convolution::load(std::size_t j, const Values& in) const {
  double* const values = BoxTransform::real(plan_->box);
  std::fill_n(values, plan_->transform.real_size(), 0.0);
  const Index n = plan_->grid.axis(0).cells;
  parallel_for(
      plan_->grid.size() / n, [&](Index row) { std::copy_n(in.data() + row * n, n, values + plan_->padded_row(row)); },
      fewest_blocks);
  plan_->transform.forward(plan_->box, plan_->inputs[j]);
}

void Convolution::compute(std::size_t i, Values& out) const {
  std::complex<double>* const total = plan_->work.data();
  parallel_blocks(plan_->work.size(), [&](Index begin, Index end) {
    std::fill(total + begin, total + end, 0.0);
    for (std::size_t j = 0; j < plan_->inputs.size(); ++j) {
      const int kernel = plan_->uses[i][j];
      if (kernel < 0) continue;
      const std::complex<double>* const a = plan_->spectra[static_cast<std::size_t>(kernel)].data();
      const std::complex<double>* const b = plan_->inputs[j].data();
      for (Index k = begin; k < end; ++k) {
        total[k] += std::complex<double>(a[k].real() * b[k].real() - a[k].imag() * b[k].imag(),
                                         a[k].real() * b[k].imag() + a[k].imag() * b[k].real());
      }
    }
  });
  plan_->transform.backward(plan_->work, plan_->box);
  const double* const values = BoxTransform::real(plan_->box);
  const Index n = plan_->grid.axis(0).cells;
  parallel_for(
      plan_->grid.size() / n, [&](Index row) { std::copy_n(values + plan_->padded_row(row), n, out.data() + row * n); },
      fewest_blocks);
}

std::size_t Convolution::memory() const {
  const auto spectra = static_cast<std::size_t>(plan_->transform.spectrum_size()) * sizeof(std::complex<double>);
  const auto box = static_cast<std::size_t>(plan_->transform.real_size()) * sizeof(double);
  return (plan_->spectra.size() + plan_->inputs.size() + 1) * spectra + box;
}

}  // namespace wpg
