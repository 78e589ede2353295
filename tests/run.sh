#!/usr/bin/env bash
# Builds locket and runs every test:   tests/run.sh [--quick] [--require-servers]
# On Debian and Ubuntu it first installs what is missing (that needs root). Ends with one line,
# "N passed, N failed, N skipped", and fails when something failed.
#   --quick            for the edit loop: installs nothing, builds what changed, runs the unit and conformance tests
#   --require-servers  a server that cannot be had here is a failure; without it, what needs one is skipped
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/dev

quick='' require=''
for argument; do
  case $argument in
    --quick) quick=yes ;;
    --require-servers) require=yes ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
  esac
done

step() { printf '== %s\n' "$*"; }

# Adds up what ran, and ends.
finish() { exec tests/tally.sh "$@"; }

# A step that nothing can follow has failed: it counts as one failure.
give_up() {
  rm -rf "$build/results" && mkdir -p "$build/results"
  echo "fail $1" >"$build/results/$1.check"
  finish "$build/results"
}

configure_and_build() {
  step "building $build"
  cmake --preset dev >"$build.log" 2>&1 || { cat "$build.log"; return 1; }
  cmake --build --preset dev
}

# What the tests run against is built before them, once per machine: CTest's limits are for tests.
get_servers() {
  local server get=(tests/servers/get.sh)
  [ -z "$require" ] || get=(tests/servers/require.sh)
  rm -rf build/servers/results
  for server in openbao toxiproxy postgresql; do
    tests/run-check.sh build/servers/results "server-$server" "${get[@]}" "$server" || true
  done
}

mkdir -p build
if [ -n "$quick" ]; then
  configure_and_build || give_up build
  step "unit and conformance tests"
  tests/ctest.sh dev -L '^(unit|conformance)$'
  finish "$build/results"
fi

step "packages"
tests/packages.sh build || give_up packages
configure_and_build || give_up build
step "servers"
get_servers
step "tests"
tests/ctest.sh dev
step "installed, static and shared"
rm -rf build/install/results
tests/install/run.sh build/install
finish "$build/results" build/{install,servers}/results
