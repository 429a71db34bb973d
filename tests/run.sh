#!/usr/bin/env bash
# Installs what is missing, builds the release preset and runs all tests. Arguments are passed on to ctest.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../examples/setup.sh"

require "${build_tools[@]}" "${build_libraries[@]}" "${test_libraries[@]}"
configure release -DWPG_BUILD_TESTS=ON
cmake --build "$root/build" --parallel "$(job_count)"
ctest --test-dir "$root/build" --output-on-failure --parallel "$(job_count)" "$@"
