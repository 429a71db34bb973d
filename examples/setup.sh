# Functions shared by examples/quickstart.sh, tests/run.sh and .ci/run. Source it; it sets `root` to the folder of the
# sources. CMAKE_BUILD_PARALLEL_LEVEL overrides the number of jobs.
# shellcheck shell=bash disable=SC2034

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf 'wpg: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# A command and the Debian package that brings it. A command from elsewhere on the PATH is as good.
build_tools=('c++=g++' 'cmake=cmake' 'ninja=ninja-build' 'pkg-config=pkg-config')
build_libraries=(libeigen3-dev libfftw3-dev libhdf5-dev libboost-program-options-dev libmuparser-dev libginac-dev
  nlohmann-json3-dev)
test_libraries=(doctest-dev)
python_packages=(python3-h5py python3-matplotlib python3-pil)

have_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# The Debian packages of the arguments (names, or command=name) that are not there.
missing_packages() {
  local item
  for item in "$@"; do
    if [[ $item == *=* ]] && command -v "${item%%=*}" >/dev/null; then continue; fi
    [[ $(dpkg-query -W -f='${db:Status-Status}' "${item#*=}" 2>/dev/null) == installed ]] || printf '%s\n' "${item#*=}"
  done
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root, and there is no sudo; as root: $*"
  fi
}

# Says what it installs, then installs it. The lists of packages are fetched only if apt does not know a package or
# its lists are too old to download from.
apt_install() {
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
  say "installing with apt-get: $*"
  if [[ $(apt-cache policy "$@" 2>/dev/null | grep -c 'Candidate: [^(]') -lt $# ]]; then
    as_root apt-get update -q
    as_root "${install[@]}"
  elif ! as_root "${install[@]}"; then
    say "the lists of packages may be too old; fetching them and trying once more"
    as_root apt-get update -q
    as_root "${install[@]}"
  fi
}

explain_other_systems() {
  cat >&2 <<'TEXT'
wpg: there is no apt-get here. These are needed, and are taken as they are if you have them:
  a C++20 compiler with OpenMP, CMake 3.22, Ninja, pkg-config, Eigen 3.4, FFTW 3, HDF5, Boost.Program_options 1.70,
  muParser, GiNaC, nlohmann/json, for the tests doctest, for the pictures Python with h5py, matplotlib and Pillow
  Homebrew:  brew install cmake ninja pkgconf eigen fftw hdf5 boost muparser ginac nlohmann-json doctest libomp
             export OpenMP_ROOT="$(brew --prefix libomp)"; python3 -m pip install h5py matplotlib pillow
  conda:     conda install -c conda-forge cxx-compiler cmake ninja pkg-config eigen fftw hdf5 libboost-devel muparser \
               ginac nlohmann_json doctest h5py matplotlib-base pillow
TEXT
}

# Installs what is missing of the arguments (as for missing_packages).
require() {
  if ! have_apt; then
    explain_other_systems
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [[ ${#missing[@]} -gt 0 ]]; then apt_install "${missing[@]}"; fi
}

# Compiling takes up to about 1.5 GB a job, so a small machine with many cores gets fewer jobs than cores.
job_count() {
  local cores memory
  cores=$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
  memory=$(awk '/^MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo 2>/dev/null || true)
  if [[ -n $memory && $memory -lt $cores ]]; then cores=$((memory > 1 ? memory : 1)); fi
  echo "${CMAKE_BUILD_PARALLEL_LEVEL:-$cores}"
}

# configure PRESET [ARGUMENT...]
configure() {
  (cd "$root" && cmake --preset "$@") ||
    fail "the configuration failed; the message of CMake above names what is missing or does not fit"
}

# A Python that can draw: `python3` if it can, else the system's, which knows the system's packages.
drawing_python() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import h5py, matplotlib, PIL' >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  return 1
}
