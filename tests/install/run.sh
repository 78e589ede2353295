#!/usr/bin/env bash
# Installs locket, moves it elsewhere, and uses it as strangers do:   run.sh WORK_FOLDER
# For static and shared libraries: a program for each component (use_COMPONENT.cpp), found through
# find_package and through pkg-config, and what the libraries show of themselves. Results go to
# WORK_FOLDER/results.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd)
results=$work/results

# One line for each check, and what it printed only when it failed: some print closing lines of their own.
check() {
  local printed=$work/check.log
  "$source/tests/run-check.sh" "$results" "$@" >"$printed" 2>&1 || cat "$printed"
  cat "$results/$1.check"
}

for linkage in static shared; do
  prefix=$work/$linkage/moved
  rm -rf "$prefix" "$work/$linkage/use"
  mkdir -p "$work/$linkage/use"
  check "install-$linkage" "$here/install.sh" $linkage "$prefix" "$work/$linkage"
  [ -d "$prefix" ] || continue
  for program in "$here"/use_*.cpp; do
    component=$(basename "$program" .cpp)
    component=${component#use_}
    for way in cmake pkg-config; do
      check "install-$linkage-$component-$way" "$here/use-$way.sh" "$prefix" "$component" "$work/$linkage/use"
    done
  done
  check "install-$linkage-refusals" "$here/refusals.sh" "$prefix" "$work/$linkage/use"
done
[ ! -d "$work/shared/moved" ] || check install-shared-symbols "$here/symbols.sh" "$work/shared/moved"
check install-conan "$here/conan.sh" "$work/conan"
