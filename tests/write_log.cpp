#include "write_log.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

namespace write_log {
namespace {

std::vector<Operation> operations_done;
bool recording = false;

/// The function whose place ours takes.
template <class Function>
Function* original(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

template <class Offset>
ssize_t put_recorded(const char* name, int file, const void* data, size_t size, Offset offset) {
  const ssize_t done = original<ssize_t(int, const void*, size_t, Offset)>(name)(file, data, size, offset);
  if (recording && done > 0) {
    const std::string bytes(static_cast<const char*>(data), static_cast<size_t>(done));
    operations_done.push_back({false, static_cast<off_t>(offset), bytes});
  }
  return done;
}

template <class Offset>
int cut_recorded(const char* name, int file, Offset length) {
  const int done = original<int(int, Offset)>(name)(file, length);
  if (recording && done == 0) operations_done.push_back({true, static_cast<off_t>(length)});
  return done;
}

template <class Offset>
int reserve_recorded(const char* name, int file, Offset begin, Offset size) {
  const off_t before = lseek(file, 0, SEEK_END);
  const int error = original<int(int, Offset, Offset)>(name)(file, begin, size);
  const auto end = static_cast<off_t>(begin + size);
  if (recording && error == 0 && end > before) operations_done.push_back({true, end});
  return error;
}

}  // namespace

Recording::Recording() {
  operations_done.clear();
  recording = true;
}

Recording::~Recording() { recording = false; }

const std::vector<Operation>& Recording::operations() const { return operations_done; }

Replay::Replay(const std::string& path) : file_(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
  if (file_ < 0) throw std::runtime_error("cannot create " + path);
}

Replay::~Replay() { close(file_); }

void Replay::cut(off_t length) const {
  if (ftruncate(file_, length) != 0) throw std::runtime_error("cannot cut a file");
}

void Replay::put(const std::string& bytes, off_t offset) const {
  if (pwrite(file_, bytes.data(), bytes.size(), offset) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("cannot write a file");
  }
}

}  // namespace write_log

// The dynamic linker takes these for the system's, in the HDF5 library too.
#if defined(__GLIBC__)
extern "C" {
ssize_t pwrite(int file, const void* data, size_t size, off_t offset) {
  return write_log::put_recorded("pwrite", file, data, size, offset);
}
ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset) {
  return write_log::put_recorded("pwrite64", file, data, size, offset);
}
int ftruncate(int file, off_t length) noexcept { return write_log::cut_recorded("ftruncate", file, length); }
int ftruncate64(int file, off64_t length) noexcept { return write_log::cut_recorded("ftruncate64", file, length); }
int posix_fallocate(int file, off_t begin, off_t size) {
  return write_log::reserve_recorded("posix_fallocate", file, begin, size);
}
int posix_fallocate64(int file, off64_t begin, off64_t size) {
  return write_log::reserve_recorded("posix_fallocate64", file, begin, size);
}
}
#endif
