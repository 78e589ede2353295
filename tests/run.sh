#!/usr/bin/env bash
# Builds locket and runs every test:   tests/run.sh [--quick]
# On Debian and Ubuntu it first installs what is missing (that needs root). Ends with one line,
# "N passed, N failed, N skipped", and fails when something failed.
#   --quick   for the edit loop: installs nothing, builds what changed, runs the unit and conformance tests
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/dev

quick=
for argument; do
  case $argument in
    --quick) quick=yes ;;
    *) sed -n '2,5p' "$0" >&2; exit 2 ;;
  esac
done

step() { printf '== %s\n' "$*"; }

compile() {
  step "building $build"
  cmake --preset dev >"$build.log" 2>&1 || { cat "$build.log"; return 1; }
  cmake --build --preset dev
}

run_ctest() {
  step "tests in $build"
  tests/ctest.sh dev "$@"
}

mkdir -p build
if [ -n "$quick" ]; then
  compile
  run_ctest -L '^(unit|conformance)$'
  exec tests/tally.sh "$build/results"
fi

step "packages"
tests/packages.sh build
compile
run_ctest
step "installed, static and shared"
rm -rf build/install/results
tests/install/run.sh build/install || true
exec tests/tally.sh "$build/results" build/install/results
