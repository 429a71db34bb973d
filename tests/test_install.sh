#!/usr/bin/env bash
# Installs a built wpg into a temporary folder and builds and runs a program that finds it there.
# Usage: tests/test_install.sh [BUILD_FOLDER]
set -euo pipefail
build=$(cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../build}" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cmake --install "$build" --prefix "$folder/prefix" >/dev/null
mkdir "$folder/user"
cat >"$folder/user/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C CXX)
find_package(Wpg REQUIRED)
add_executable(user user.cpp)
target_link_libraries(user PRIVATE Wpg::wpg)
TEXT
# Built for no particular processor, unlike the library: memory must pass between the two all the same.
cat >"$folder/user/user.cpp" <<'TEXT'
#include <cmath>
#include "wpg/reduce.hpp"

int main() {
  const wpg::Grid grid({{64, -8.0, 8.0}});
  wpg::Field rho = wpg::sample(grid, [](const wpg::Point& x) { return std::exp(-0.5 * x[0] * x[0]); });
  const wpg::Tensor variance = wpg::covariance(rho);
  return std::abs(variance(0, 0) - 1.0) < 1e-10 ? 0 : 1;
}
TEXT
cmake -S "$folder/user" -B "$folder/user/build" -G Ninja -DCMAKE_PREFIX_PATH="$folder/prefix" >/dev/null
cmake --build "$folder/user/build" >/dev/null
"$folder/user/build/user"
"$folder/prefix/bin/wpg" --version >/dev/null
test -f "$folder/prefix/share/wpg/grids/square-256.ini"
echo "the installed package works"
