#!/usr/bin/env bash
# Builds and runs a program with what find_package says of a component:   use-cmake.sh PREFIX COMPONENT WORK_FOLDER
set -euo pipefail
prefix=$1 component=$2 build=$3/$2-cmake
build_it() {
  cmake -G Ninja -S "$(dirname "$0")" -B "$build" -DCOMPONENT="$component" -DCMAKE_PREFIX_PATH="$prefix" &&
    cmake --build "$build"
}
build_it >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
exec "$build/use"
