#!/usr/bin/env bash
# Installs what is missing, builds the release preset and runs all tests. Arguments that begin with -D go to cmake, all
# others to ctest.
# Tests are compiled in batches, quickest in all; who works on a test has its file alone compiled again by
# -DWPG_BATCH_TESTS=OFF.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../examples/setup.sh"

definitions=(-DWPG_BUILD_TESTS=ON -DWPG_BATCH_TESTS=ON)
selection=()
for argument in "$@"; do
  if [[ $argument == -D* ]]; then definitions+=("$argument"); else selection+=("$argument"); fi
done

require "${build_tools[@]}" "${build_libraries[@]}" "${test_libraries[@]}"
configure release "${definitions[@]}"
cmake --build "$root/build" --parallel "$(job_count)"
ctest --test-dir "$root/build" --output-on-failure --parallel "$(job_count)" ${selection[@]+"${selection[@]}"}
