#include "hdf5_handle.hpp"

#include <string>

namespace wpg::hdf5 {
namespace {

/// What an error stack tells: the system's words, and the description of the innermost error.
struct Reason {
  std::string system;
  std::string library;
};

herr_t collect(unsigned, const H5E_error2_t* error, void* to) {
  Reason& reason = *static_cast<Reason*>(to);
  const std::string text = error->desc == nullptr ? "" : error->desc;
  if (reason.library.empty()) reason.library = text;
  const std::string mark = "error message = '";
  const std::size_t begin = text.find(mark);
  if (begin != std::string::npos && reason.system.empty()) {
    const std::size_t word = begin + mark.size();
    reason.system = text.substr(word, text.find('\'', word) - word);
  }
  return 0;
}

}  // namespace

void fail(const char* attempted) {
  Reason reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &reason);
  const std::string& why = reason.system.empty() ? reason.library : reason.system;
  throw Failure(why.empty() ? attempted : std::string(attempted) + ": " + why);
}

}  // namespace wpg::hdf5
