#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

/// What this process writes to its files, kept in order, so that a test can go through every state in which they are
/// left if the process dies.
namespace write_log {

/// One change of a file, by a positioned write or a truncation. A process dies between two of them, or within a write
/// where a page of memory ends.
struct Operation {
  bool truncation = false;
  off_t offset = 0;  ///< of the bytes; of a truncation, the new length
  std::string bytes = {};
};

/// Records while it lives; one at a time, and no other file may be written meanwhile.
class Recording {
 public:
  Recording();
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  /// Empty where the system does not let a program take the place of its library's functions.
  const std::vector<Operation>& operations() const;
};

/// Does recorded operations again to another file.
class Replay {
 public:
  explicit Replay(const std::string& path);
  ~Replay();
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  /// Calls visit() after the operation, and wherever within it the process might have died.
  template <class Visit>
  void apply(const Operation& operation, Visit&& visit) {
    if (operation.truncation) cut(operation.offset);
    for (std::size_t done = 0; done < operation.bytes.size();) {
      const auto at = operation.offset + static_cast<off_t>(done);
      const std::size_t piece = static_cast<std::size_t>(page - at % page);
      const std::string bytes = operation.bytes.substr(done, piece);
      put(bytes, at);
      done += bytes.size();
      if (done < operation.bytes.size()) visit();
    }
    visit();
  }

 private:
  static constexpr off_t page = 4096;
  void cut(off_t length) const;
  void put(const std::string& bytes, off_t offset) const;
  int file_ = -1;
};

}  // namespace write_log
