#pragma once
#include <hdf5.h>
#include <hdf5_hl.h>

#include <stdexcept>
#include <utility>

namespace wpg::hdf5 {

/// A call of the HDF5 library failed: what was attempted, and why it failed.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws Failure with the reason on the library's error stack: the system's own words if it has any.
[[noreturn]] void fail(const char* attempted);

/// Passes a result of the library on; negative ones throw Failure.
template <class Result>
Result check(Result result, const char* attempted) {
  if (result < 0) fail(attempted);
  return result;
}

/// Owner of an HDF5 identifier.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Handle() = default;
  /// Throws Failure if `id` is negative, that is if its creation failed.
  Handle(hid_t id, Close closing, const char* attempted) : id_(check(id, attempted)), close_(closing) {}
  Handle(Handle&& other) noexcept { swap(other); }
  Handle& operator=(Handle&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Handle() { close(); }

  /// Negative if closing failed; the identifier is given up in any case.
  herr_t close() noexcept {
    const hid_t id = std::exchange(id_, H5I_INVALID_HID);
    return id >= 0 ? close_(id) : 0;
  }
  operator hid_t() const { return id_; }

 private:
  void swap(Handle& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
  }

  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// Keeps the library from printing its error stack as long as it lives.
class Quiet {
 public:
  Quiet() {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Quiet() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

}  // namespace wpg::hdf5
