#!/usr/bin/env bash
# Builds and runs a program with what pkg-config says of a component:   use-pkg-config.sh PREFIX COMPONENT WORK_FOLDER
set -euo pipefail
prefix=$1 component=$2 program=$3/$2-pkg-config
libraries=$(dirname "$(find "$prefix" -name locket.pc)")/..
export PKG_CONFIG_PATH=$libraries/pkgconfig
package=locket-${component//_/-}
[ "$component" != core ] || package=locket
static=--static
! compgen -G "$libraries/liblocket.so" >/dev/null || static=
# shellcheck disable=SC2046,SC2086  # pkg-config's answer is words
${CXX:-c++} -std=c++20 -o "$program" "$(dirname "$0")/use_$component.cpp" \
  $(pkg-config --cflags --libs $static "$package")
LD_LIBRARY_PATH=$libraries exec "$program"
