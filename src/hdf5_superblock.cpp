#include "hdf5_superblock.hpp"

#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string>

#include "hdf5_handle.hpp"

namespace wpg::hdf5 {
namespace {

constexpr std::size_t version_at = 8;
/// Of versions 0 and 1 only the head, which holds the end of allocation.
constexpr std::size_t whole_size = 48;
using Superblock = std::array<unsigned char, whole_size>;

constexpr std::array<unsigned char, version_at> signature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

std::uint32_t word(const unsigned char* bytes) {
  return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[3]} << 24;
}

template <class Number>
void put(Number number, unsigned char* bytes) {
  for (std::size_t k = 0; k < sizeof(Number); ++k) bytes[k] = static_cast<unsigned char>(number >> (8 * k));
}

/// The checksum of the format's metadata: the hash "lookup3" of Jenkins (2006) with initial value 0, here of 44 bytes,
/// which is three times twelve and a last part of eight.
std::uint32_t checksum(const Superblock& block) {
  constexpr std::size_t covered = 44;
  std::uint32_t a = 0xdeadbeef + covered, b = a, c = a;
  const auto stir = [](std::uint32_t& x, std::uint32_t& y, std::uint32_t& z, int turn) {
    x -= z;
    x ^= std::rotl(z, turn);
    z += y;
  };
  const auto settle = [](std::uint32_t& x, std::uint32_t y, int turn) { x = (x ^ y) - std::rotl(y, turn); };
  std::size_t at = 0;
  for (; covered - at > 12; at += 12) {
    a += word(&block[at]), b += word(&block[at + 4]), c += word(&block[at + 8]);
    stir(a, b, c, 4), stir(b, c, a, 6), stir(c, a, b, 8), stir(a, b, c, 16), stir(b, c, a, 19), stir(c, a, b, 4);
  }
  a += word(&block[at]), b += word(&block[at + 4]);
  settle(c, b, 14), settle(a, c, 11), settle(b, a, 25), settle(c, b, 16), settle(a, c, 4), settle(b, a, 14);
  settle(c, b, 24);
  return c;
}

[[noreturn]] void fail_put() { throw Failure(std::string("cannot write: ") + std::strerror(errno)); }

}  // namespace

void put_end_of_allocation(int file, std::uint64_t end) {
  Superblock block{};
  const ssize_t size = pread(file, block.data(), block.size(), 0);
  if (size < 0) fail_put();
  if (static_cast<std::size_t>(size) < block.size()) return;
  if (std::memcmp(block.data(), signature.data(), signature.size()) != 0) return;
  const bool summed = block[version_at] >= 2;
  constexpr std::size_t old_at = 40, new_at = 28, sum_at = 44;
  put(end, &block[summed ? new_at : old_at]);
  if (summed) put(checksum(block), &block[sum_at]);
  if (pwrite(file, block.data(), block.size(), 0) != static_cast<ssize_t>(block.size())) fail_put();
}

}  // namespace wpg::hdf5
