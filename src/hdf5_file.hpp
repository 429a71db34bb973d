#pragma once
#include <sys/types.h>

#include <cstddef>
#include <string>

#include "hdf5_handle.hpp"

namespace wpg::hdf5 {

/// A file open for writing whose bytes on the disk are readable whenever the process dies, provided that groups and
/// datasets are created before the first flush and datasets only grow. Data go to the disk when they are written, to
/// where nothing refers yet. Metadata stay in memory until a flush, which first makes the file's length and the end of
/// allocation in its superblock cover them: the library by itself writes that last, and a process that dies before
/// leaves references to what its readers refuse to read. The library then writes what refers after what is referred
/// to.
class WrittenFile {
 public:
  WrittenFile() = default;
  /// Creates the file, truncating an existing one. `row` is the size in bytes of what is written at a time into the
  /// largest dataset.
  WrittenFile(const std::string& path, std::size_t row);

  bool is_open() const { return file_ >= 0; }
  operator hid_t() const { return file_; }
  /// Fails if so many bytes cannot be written. The library does not recover from a write that fails, so this is to be
  /// asked before.
  void reserve(std::size_t pending);
  /// Brings everything to the operating system.
  void flush();
  /// Closes the file, now called `path`, and cuts it to its true length. All other handles into it must be closed.
  void close(const std::string& path);
  /// Closes the file without writing anything more: after a failed write, what the library still holds would only
  /// damage what was committed.
  void abandon() noexcept;

 private:
  int descriptor() const;
  off_t end_of_allocation() const;

  Handle file_;
};

}  // namespace wpg::hdf5
