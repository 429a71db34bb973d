#include "hdf5_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "hdf5_get.hpp"
#include "hdf5_make.hpp"
#include "hdf5_superblock.hpp"

namespace wpg::hdf5 {
namespace {

/// Room for what the library itself adds to one commit: indices, headers, chunks that are begun.
constexpr off_t overhead = off_t{1} << 18;

[[noreturn]] void fail_write() { throw Failure(std::string("cannot write: ") + std::strerror(errno)); }

/// A file shorter than its superblock says cannot be opened.
void lengthen(int file, off_t end) {
  struct stat now {};
  if (fstat(file, &now) != 0) fail_write();
  if (now.st_size < end && ftruncate(file, end) != 0) fail_write();
}

/// Fails where the disk has no room for these bytes. Taking the room in advance would make every commit wait for the
/// disk, so it is taken only if there may be too little.
void require_room(int file, off_t begin, off_t end) {
  struct statvfs system {};
  constexpr std::uint64_t plenty = 16;
  const auto needed = static_cast<std::uint64_t>(end - begin);
  if (fstatvfs(file, &system) != 0) return;
  if (system.f_bavail / plenty > needed / std::max<std::uint64_t>(system.f_frsize, 1)) return;
  const int error = posix_fallocate(file, begin, end - begin);
  errno = error;
  if (error != 0 && error != EINVAL && error != EOPNOTSUPP) fail_write();
}

/// A file that no one else sees. The device that takes everything has no length, which the library wants to set.
int open_nowhere() {
#if defined(MFD_CLOEXEC)
  const int file = memfd_create("wpg", MFD_CLOEXEC);
  if (file >= 0) return file;
#endif
  return open("/dev/null", O_RDWR | O_CLOEXEC);
}

/// A process that dies in a write leaves of it what comes before the end of some page of memory, a multiple of 4096.
/// Metadata no longer than a page of the file lie across no such end, and are written whole or not at all.
void keep_metadata_within_pages(hid_t creation, hsize_t page) {
  check(H5Pset_file_space_strategy(creation, H5F_FSPACE_STRATEGY_PAGE, false, 1), "cannot set up a file");
  check(H5Pset_file_space_page_size(creation, page), "cannot set up a file");
}

/// Metadata reach the disk in a flush and at no other time.
void keep_metadata_in_memory(hid_t access) {
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  check(H5Pget_mdc_config(access, &cache), "cannot set up a file");
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  cache.evictions_enabled = false;
  check(H5Pset_mdc_config(access, &cache), "cannot set up a file");
}

}  // namespace

WrittenFile::WrittenFile(const std::string& path, std::size_t row) {
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "cannot set up a file");
  keep_link_order(creation);
  // Every chunk of data fills its last page: small pages for small rows.
  constexpr std::size_t large_row = std::size_t{1} << 16;
  keep_metadata_within_pages(creation, row < large_row ? 1024 : 4096);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot set up a file");
  keep_metadata_in_memory(access);
#if H5_VERSION_GE(1, 10, 7)
  // Committed snapshots are safe to read at any time, and not every file system has locks.
  check(H5Pset_file_locking(access, false, true), "cannot set up a file");
#endif
  file_ = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, "cannot create the file");
}

void WrittenFile::reserve(std::size_t pending) {
  const off_t begin = end_of_allocation();
  const off_t end = begin + static_cast<off_t>(pending) + overhead;
  lengthen(descriptor(), end);
  require_room(descriptor(), begin, end);
}

void WrittenFile::flush() {
  const off_t end = end_of_allocation();
  lengthen(descriptor(), end);
  put_end_of_allocation(descriptor(), static_cast<std::uint64_t>(end));
  check(H5Fflush(file_, H5F_SCOPE_GLOBAL), "cannot write");
}

off_t WrittenFile::end_of_allocation() const {
  haddr_t end = 0;
  check(H5Fget_eoa(file_, &end), "cannot write");
  return static_cast<off_t>(end);
}

int WrittenFile::descriptor() const {
  void* descriptor = nullptr;
  check(H5Fget_vfd_handle(file_, H5P_DEFAULT, &descriptor), "cannot write");
  return *static_cast<int*>(descriptor);
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
  const int nowhere = open_nowhere();
  if (nowhere < 0) return;
  dup2(nowhere, *static_cast<int*>(descriptor));
  ::close(nowhere);
}

}  // namespace wpg::hdf5
