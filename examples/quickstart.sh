#!/usr/bin/env bash
# Installs what is missing, builds wpg, computes the posterior of examples/oring-posterior and draws it.
# What is already there and up to date is not done again.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

case_folder=examples/oring-posterior
result=output/oring-posterior.h5
pictures=output/oring-posterior

build_program() {
  if [[ ! -f $root/build/build.ninja ]]; then configure release -DWPG_BUILD_TESTS=OFF; fi
  cmake --build "$root/build" --target wpg --parallel "$(job_count)"
}

# up_to_date FILE SOURCE...: FILE is there, and newer than every source.
up_to_date() {
  local source
  [[ -f $1 ]] || return 1
  for source in "${@:2}"; do
    if [[ $source -nt $1 ]]; then return 1; fi
  done
}

simulate() {
  if up_to_date $result build/wpg $case_folder/*; then
    say "$result is up to date; delete it to compute it again"
  else
    build/wpg run $case_folder/run.ini --output.file $result
  fi
}

draw() {
  local python
  if ! python=$(drawing_python); then
    if have_apt; then require "${python_packages[@]}"; fi
    if ! python=$(drawing_python); then
      say "no pictures: they need a python3 with h5py, matplotlib and Pillow"
      return
    fi
  fi
  "$python" examples/plot.py $result -o $pictures
}

require "${build_tools[@]}" "${build_libraries[@]}"
cd "$root"
build_program
simulate
draw
say "the results are in $root/output: ${result#output/} (HDF5; try 'build/wpg info $result')"
if [[ -d $pictures ]]; then say "the pictures are in $root/$pictures"; fi
