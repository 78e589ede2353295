#!/usr/bin/env bash
# Installs locket, moves it elsewhere, and uses it as strangers do:   run.sh WORK_FOLDER
# For static and shared libraries: a program for each component (use_COMPONENT.cpp), found through find_package and
# through pkg-config, and what the libraries show of themselves. Results go to WORK_FOLDER/results.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd)
results=$work/results
check() { "$source/tests/run-check.sh" "$results" "$@" || true; }

# install_locket LINKAGE: into work/LINKAGE/moved, a folder that the build never knew.
install_locket() {
  local shared=OFF build=$work/$1/build
  [ "$1" = static ] || shared=ON
  rm -rf "$work/$1/prefix" "$work/$1/moved"
  (cd "$source" && cmake --preset release -B "$build" -DBUILD_SHARED_LIBS=$shared) >"$work/$1.log" 2>&1 &&
    cmake --build "$build" >>"$work/$1.log" 2>&1 &&
    cmake --install "$build" --prefix "$work/$1/prefix" >>"$work/$1.log" 2>&1 ||
    { cat "$work/$1.log"; return 1; }
  mv "$work/$1/prefix" "$work/$1/moved"
}

for linkage in static shared; do
  mkdir -p "$work/$linkage"
  rm -rf "$work/$linkage/use"
  export -f install_locket
  export work source
  check "install-$linkage" bash -c "install_locket $linkage"
  [ "$(cat "$results/install-$linkage.check")" = "pass install-$linkage" ] || continue
  prefix=$work/$linkage/moved
  mkdir -p "$work/$linkage/use"
  for program in "$here"/use_*.cpp; do
    component=$(basename "$program" .cpp)
    component=${component#use_}
    check "install-$linkage-$component-cmake" "$here/use-cmake.sh" "$prefix" "$component" "$work/$linkage/use"
    check "install-$linkage-$component-pkg-config" "$here/use-pkg-config.sh" "$prefix" "$component" "$work/$linkage/use"
  done
  check "install-$linkage-refusals" "$here/refusals.sh" "$prefix" "$work/$linkage/use"
done
[ ! -d "$work/shared/moved" ] || check install-shared-symbols "$here/symbols.sh" "$work/shared/moved"
