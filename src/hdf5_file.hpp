#pragma once
#include <string>

#include "hdf5_handle.hpp"

namespace wpg::hdf5 {

/// A file open for writing whose bytes on the disk are readable whenever the process dies.
class WrittenFile {
 public:
  WrittenFile() = default;
  /// Creates the file, truncating an existing one.
  explicit WrittenFile(const std::string& path);

  bool is_open() const { return file_ >= 0; }
  operator hid_t() const { return file_; }
  /// Brings everything to the operating system. `pending` bounds the bytes written since the last flush. The file
  /// is lengthened first, because it must never be shorter than its own header says.
  void flush(std::size_t pending);
  /// Closes the file, now called `path`, and cuts it to its true length. All other handles into it must be closed.
  void close(const std::string& path);
  /// Closes the file without writing anything more: after a failed write, what the library still holds would only
  /// damage what was committed.
  void abandon() noexcept;

 private:
  Handle file_;
};

}  // namespace wpg::hdf5
