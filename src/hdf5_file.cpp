#include "hdf5_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "hdf5_get.hpp"
#include "hdf5_make.hpp"

namespace wpg::hdf5 {
namespace {

/// Room for what the library itself adds to one commit: indices and headers.
constexpr off_t overhead = off_t{1} << 18;

[[noreturn]] void fail_write() { throw Failure(std::string("cannot write: ") + std::strerror(errno)); }

}  // namespace

WrittenFile::WrittenFile(const std::string& path) {
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "cannot set up a file");
  keep_link_order(creation);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot set up a file");
#if H5_VERSION_GE(1, 10, 7)
  // Committed snapshots are safe to read at any time, and not every file system has locks.
  check(H5Pset_file_locking(access, false, true), "cannot set up a file");
#endif
  file_ = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, "cannot create the file");
}

void WrittenFile::flush(std::size_t pending) {
  hsize_t size = 0;
  check(H5Fget_filesize(file_, &size), "cannot write");
  void* descriptor = nullptr;
  check(H5Fget_vfd_handle(file_, H5P_DEFAULT, &descriptor), "cannot write");
  const int file = *static_cast<int*>(descriptor);
  struct stat now {};
  const off_t wanted = static_cast<off_t>(size) + static_cast<off_t>(pending) + overhead;
  if (fstat(file, &now) != 0) fail_write();
  if (now.st_size < wanted && ftruncate(file, wanted) != 0) fail_write();
  check(H5Fflush(file_, H5F_SCOPE_GLOBAL), "cannot write");
}

void WrittenFile::close(const std::string& path) {
  check(file_.close(), "cannot write");
  haddr_t end = 0;
  const Handle closed = open_file(path);
  check(H5Fget_eoa(closed, &end), "cannot write");
  if (truncate(path.c_str(), static_cast<off_t>(end)) != 0) fail_write();
}

void WrittenFile::abandon() noexcept {
  void* descriptor = nullptr;
  if (H5Fget_vfd_handle(file_, H5P_DEFAULT, &descriptor) < 0) return;
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, *static_cast<int*>(descriptor));
  ::close(nowhere);
}

}  // namespace wpg::hdf5
