#!/usr/bin/env bash
# Runs the tests of one preset's build:   ctest.sh PRESET [CTEST_ARGUMENT...]
# It always succeeds: the verdict is tally.sh's, over build/PRESET/results. A test that CTest calls failed and
# that left no result there (it could not be started) is written down as a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
build=build/$preset
rm -rf "$build/results" "$build/Testing/Temporary/LastTestsFailed.log"
mkdir -p "$build/results"
if ctest --preset "$preset" "$@"; then exit 0; fi
touch "$build/Testing/Temporary/LastTestsFailed.log"
while IFS=: read -r _ name; do
  compgen -G "$build/results/$name.*" >/dev/null ||
    echo "fail $name: did not start" >"$build/results/$name.check"
done <"$build/Testing/Temporary/LastTestsFailed.log"
