#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wpg/recorder.hpp"

namespace wpg {

/// A field that is recorded beside rho at every snapshot, e.g. a reference solution.
struct RecordedField {
  std::string name;         ///< dataset name in the file's root
  std::string description;  ///< its long_name
};

/// A curve that is recorded at every snapshot in a group of its own, on points that stay: the output of a network at
/// its data, for one.
struct RecordedCurve {
  /// Numbers of the points that do not change.
  struct Column {
    std::string name;
    std::string description;
    Values values;
  };
  std::string group;        ///< in the file's root
  std::string name;         ///< of the dataset in the group, of shape (time, point)
  std::string description;  ///< its long_name
  Index points = 0;
  std::vector<Column> columns = {};
};

/// Particles that are recorded at every snapshot.
struct RecordedParticles {
  Index number = 0;
  std::string method;  ///< how they move
  std::string scheme;  ///< whose companions they are
  std::int64_t seed = 0;
};

/// What is written once, when a result file is created.
struct RunHeader {
  std::string title;
  std::string source;                      ///< program, version, commit
  std::string config;                      ///< the resolved case as JSON
  int compression = 4;                     ///< gzip level of the fields, 0 (none) to 9
  std::vector<RecordedField> fields = {};  ///< beside rho
  std::vector<RecordedCurve> curves = {};
  std::optional<RecordedParticles> particles = {};
};

/// Writer of one HDF5 result file that is also a netCDF-4 and a VTKHDF file. Everything up to the last committed
/// snapshot can be read after the process dies between any two of its writes to the file, and while it runs. A write
/// that is cut short does no harm either, up to some 500 snapshots; in longer files it may, where a block of an index
/// lies across the end of a page of memory. A loss of power is not guarded against: only the first commit waits for the
/// disk. Errors are IoError, naming the file; after one, what was committed stays readable and nothing more is written.
class RunFile {
 public:
  /// Creates the file (its folder too) under the name `path`.partial; it takes its own name, and replaces an existing
  /// file, once it holds its first snapshot. Nothing but a new folder is left behind if construction fails. Throws
  /// InvalidValue for a compression outside 0 to 9.
  RunFile(std::string path, const RunHeader& header, const Problem& problem,
          const std::vector<Diagnostic>& diagnostics);
  ~RunFile();
  RunFile(RunFile&&) noexcept;

  /// Commits rho (mass density at cell centres) at a time later than all before, with the header's other fields in its
  /// order, its curves in theirs, its particles (one point per row), and the diagnostics appended so far. Throws
  /// InvalidValue if the time is not later, std::invalid_argument if a field or curve is missing, a field is on another
  /// grid, or particles are missing or too many.
  void write_snapshot(double time, const Field& rho, std::span<const Field> others = {},
                      std::span<const Values> curves = {}, const Eigen::MatrixXd& particles = {});
  /// Appends one row to every diagnostic series; `values` holds them one after another, in the order of the
  /// diagnostics. The first row is step 0, and every further one the next step. NaN in an integer series means missing.
  /// Rows reach the disk with the next snapshot, when a few hundred wait, or on close. Throws std::invalid_argument
  /// if the number of values is wrong or a value does not fit its series.
  void append_diagnostics(double time, std::span<const double> values);
  /// Commits what waits, and closes; the destructor does the same without reporting errors. A file without a snapshot
  /// is removed.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reader of result files. Trusts the length of /time and truncates everything else to it. An absent file, or one
/// that is no result file, is an InputError; damaged data are an IoError.
class RunFileReader {
 public:
  explicit RunFileReader(const std::string& path);
  ~RunFileReader();
  RunFileReader(RunFileReader&&) noexcept;

  struct Series {
    std::string name;
    std::string description;
    std::vector<Index> shape;  ///< of one row
    bool integer = false;
    std::vector<std::string> flags;  ///< of an enumeration: the names of 0, 1, ...
  };

  const std::string& path() const;
  /// A text attribute of the file: title, source, config. Empty if absent.
  std::string attribute(const std::string& name) const;
  Grid grid() const;
  /// Times of the committed snapshots.
  std::vector<double> times() const;
  /// Names of the fields recorded at every snapshot, rho first.
  std::vector<std::string> fields() const;
  Field snapshot(Index k, const std::string& field = "rho") const;
  /// The particles' number and attributes; none if there are none.
  std::optional<RecordedParticles> recorded_particles() const;
  /// The points of snapshot k, one per row.
  Eigen::MatrixXd particles(Index k) const;
  std::optional<Field> target() const;
  std::optional<Field> potential() const;
  std::vector<Series> series() const;
  /// All rows of one series, one after another; NaN where an integer is missing.
  std::vector<double> values(const std::string& series) const;
  std::vector<double> series_times() const;
  /// Names of the recorded curves: "network/fit" for one.
  std::vector<std::string> curves() const;
  /// All numbers of any dataset, "network/fit" for one, one row after another.
  std::vector<double> numbers(const std::string& dataset) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wpg
