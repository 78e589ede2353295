#!/usr/bin/env bash
# Builds locket, and installs it where the build did not expect it:   install.sh static|shared PREFIX WORK_FOLDER
set -euo pipefail
linkage=$1 prefix=$2 work=$3
cd "$(dirname "$0")/../.."
shared=OFF
[ "$linkage" = static ] || shared=ON

install_it() {
  cmake --preset release -B "$work/build" -DBUILD_SHARED_LIBS=$shared &&
    cmake --build "$work/build" &&
    rm -rf "$work/prefix" &&
    cmake --install "$work/build" --prefix "$work/prefix"
}
install_it >"$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
mv "$work/prefix" "$prefix"
