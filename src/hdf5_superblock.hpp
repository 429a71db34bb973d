#pragma once
#include <cstdint>

namespace wpg::hdf5 {

/// Writes the end of allocation into the superblock of an HDF5 file on the disk (format specification, level 0A,
/// versions 0 to 3), in one piece. `file` is a descriptor of the file, which must be at least that long. Does nothing
/// where there is no superblock yet. Throws Failure if reading or writing fails.
void put_end_of_allocation(int file, std::uint64_t end);

}  // namespace wpg::hdf5
