#include "hdf5_target.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "wpg/error.hpp"

namespace wpg::hdf5 {
namespace {

namespace fs = std::filesystem;

/// A link is followed, so that the file is replaced where it is, not the link.
std::string resolve(const std::string& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  const fs::path there = fs::weakly_canonical(path, error);
  return error ? path : there.string();
}

void make_folder(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return;
  fs::create_directories(folder, error);
  if (error) throw IoError(path + ": cannot create the folder " + folder.string() + ": " + error.message());
}

void sync(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY);
  const bool done = file >= 0 && fsync(file) == 0;
  const int reason = errno;
  if (file >= 0) close(file);
  if (!done) throw IoError(path + ": cannot write: " + std::strerror(reason));
}

}  // namespace

TargetPath::TargetPath(const std::string& path) : final_(resolve(path)), current_(final_ + ".partial") {
  if (path.empty()) throw IoError("the result file needs a name");
  std::error_code error;
  const fs::file_status status = fs::status(final_, error);
  if (fs::is_directory(status)) throw IoError(path + ": cannot write: is a folder");
  if (fs::exists(status) && !fs::is_regular_file(status)) throw IoError(path + ": cannot write: not a regular file");
  if (fs::exists(status) && access(final_.c_str(), W_OK) != 0) {
    throw IoError(path + ": cannot write: " + std::strerror(errno));
  }
  make_folder(final_);
}

void TargetPath::commit() {
  sync(current_);
  std::error_code error;
  fs::rename(current_, final_, error);
  if (error) throw IoError(final_ + ": cannot be replaced: " + error.message());
  current_ = final_;
}

void TargetPath::discard() noexcept {
  std::error_code ignored;
  if (!committed()) fs::remove(current_, ignored);
}

}  // namespace wpg::hdf5
