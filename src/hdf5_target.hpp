#pragma once
#include <string>

namespace wpg::hdf5 {

/// The name under which a file is written until it holds something, and its final name.
class TargetPath {
 public:
  /// Creates the folder. Throws IoError, naming `path`, where a file could not be put there later.
  explicit TargetPath(const std::string& path);

  /// Where to write now: `path`.partial at first, then `path`.
  const std::string& current() const { return current_; }
  bool committed() const { return current_ == final_; }
  /// Gives the file its final name, after its bytes are on the disk.
  void commit();
  /// Removes a file that was not committed.
  void discard() noexcept;

 private:
  std::string final_;
  std::string current_;
};

}  // namespace wpg::hdf5
