#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <sstream>

#include "hdf5_make.hpp"
#include "hdf5_read.hpp"
#include "wpg/error.hpp"

namespace wpg {

using namespace hdf5;

RunFileReader::RunFileReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {
  Impl& impl = *impl_;
  impl.attempt([&] {
    impl.grid = read_grid(impl.file);
    impl.fields = read_fields(impl.file, *impl.grid);
    impl.times = read_times(impl.file);
    for (const std::string& name : impl.fields) {
      impl.times.resize(std::min<std::size_t>(impl.times.size(), extent(open_dataset(impl.file, name))[0]));
    }
    if (exists(impl.file, "particles")) {
      impl.times.resize(std::min<std::size_t>(impl.times.size(), extent(open_dataset(impl.file, "particles"))[0]));
    }
    impl.diagnostics = open_group(impl.file, "diagnostics");
    impl.series_times = read_times(impl.diagnostics);
  });
}

RunFileReader::~RunFileReader() = default;
RunFileReader::RunFileReader(RunFileReader&&) noexcept = default;

const std::string& RunFileReader::path() const { return impl_->path; }

std::string RunFileReader::attribute(const std::string& name) const {
  return impl_->attempt([&] { return text_attribute(impl_->file, name.c_str()); });
}

Grid RunFileReader::grid() const { return *impl_->grid; }
std::vector<double> RunFileReader::times() const { return impl_->times; }
std::vector<double> RunFileReader::series_times() const { return impl_->series_times; }
std::vector<std::string> RunFileReader::fields() const { return impl_->fields; }

Field RunFileReader::snapshot(Index k, const std::string& field) const {
  if (std::count(impl_->fields.begin(), impl_->fields.end(), field) == 0) {
    throw InputError(impl_->path + ": holds no " + field + " in time");
  }
  impl_->require_snapshot(k);
  return impl_->attempt([&] {
    Field snapshot(*impl_->grid);
    read_rows(open_dataset(impl_->file, field), static_cast<hsize_t>(k), 1, snapshot.values.data());
    return snapshot;
  });
}

void RunFileReader::Impl::require_snapshot(Index k) const {
  if (k >= 0 && k < static_cast<Index>(times.size())) return;
  throw InputError(path + ": holds no snapshot " + std::to_string(k) + " of " + std::to_string(times.size()));
}

std::optional<Field> RunFileReader::Impl::constant(const std::string& name) const {
  return attempt([&]() -> std::optional<Field> {
    if (!exists(file, name)) return std::nullopt;
    const Handle dataset = open_dataset(file, name);
    const std::vector<hsize_t> size = extent(dataset);
    if (size != field_size(*grid)) throw Failure("/" + name + " is not on the grid");
    Field field(*grid);
    read_rows(dataset, 0, size[0], field.values.data());
    return field;
  });
}

std::optional<Field> RunFileReader::target() const { return impl_->constant("target"); }
std::optional<Field> RunFileReader::potential() const { return impl_->constant("potential"); }

RunFileReader::Series RunFileReader::Impl::describe(const std::string& name) const {
  const Handle dataset = open_dataset(diagnostics, name);
  Series series;
  series.name = name;
  series.description = text_attribute(dataset, "long_name");
  const std::vector<hsize_t> size = extent(dataset);
  series.shape.assign(size.begin() + 1, size.end());
  series.integer = is_integer(dataset);
  std::istringstream meanings(text_attribute(dataset, "flag_meanings"));
  for (std::string word; meanings >> word;) series.flags.push_back(word);
  return series;
}

std::vector<RunFileReader::Series> RunFileReader::series() const {
  return impl_->attempt([&] {
    std::vector<Series> all;
    for (const std::string& name : members(impl_->diagnostics)) {
      const bool scale = H5DSis_scale(open_dataset(impl_->diagnostics, name)) > 0;
      if (!scale && name != "step") all.push_back(impl_->describe(name));
    }
    return all;
  });
}

std::vector<std::string> RunFileReader::curves() const {
  return impl_->attempt([&] {
    std::vector<std::string> names;
    for (const std::string& member : members(impl_->file)) {
      if (!exists(impl_->file, member) || is_dataset(impl_->file, member)) continue;
      const Handle group = open_group(impl_->file, member);
      if (!exists(group, "point")) continue;
      for (const std::string& name : members(group)) {
        if (extent(open_dataset(group, name)).size() == 2)
          names.push_back(std::string(member).append("/").append(name));
      }
    }
    return names;
  });
}

std::vector<double> RunFileReader::numbers(const std::string& dataset) const {
  if (!impl_->attempt([&] { return exists(impl_->file, dataset); })) {
    throw InputError(impl_->path + ": holds no " + dataset);
  }
  return impl_->attempt([&] {
    const Handle data = open_dataset(impl_->file, dataset);
    const std::vector<hsize_t> size = extent(data);
    std::vector<double> numbers(std::accumulate(size.begin(), size.end(), std::size_t{1}, std::multiplies<>()));
    if (!numbers.empty()) read_rows(data, 0, size.at(0), numbers.data());
    return numbers;
  });
}

std::vector<double> RunFileReader::values(const std::string& series) const {
  if (!impl_->attempt([&] { return exists(impl_->diagnostics, series); })) {
    throw InputError(impl_->path + ": holds no series " + series);
  }
  return impl_->attempt([&] {
    const Handle dataset = open_dataset(impl_->diagnostics, series);
    std::vector<hsize_t> size = extent(dataset);
    const std::size_t rows = std::min<std::size_t>(size.at(0), impl_->series_times.size());
    size[0] = rows;
    std::vector<double> values(std::accumulate(size.begin(), size.end(), std::size_t{1}, std::multiplies<>()));
    if (!values.empty()) read_rows(dataset, 0, rows, values.data());
    if (is_integer(dataset)) {
      std::replace(values.begin(), values.end(), double{missing_integer}, std::numeric_limits<double>::quiet_NaN());
    }
    return values;
  });
}

}  // namespace wpg
